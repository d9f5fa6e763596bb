<?php
// The life of a number as PHP's own SOAP client lives it: `php life.php ENDPOINT 1.1|1.2 NUMBER`. JSON on stdout.
[, $endpoint, $version, $number] = $argv;
$client = new SoapClient("$endpoint?wsdl", [
    'soap_version' => $version === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'cache_wsdl' => WSDL_CACHE_NONE,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    'trace' => true,
]);
$call = function (string $operation, array $args = []) use ($client) {
    try {
        $answer = $client->$operation($args + ['login' => 'sandbox', 'secret' => 'sandbox']);
        return $answer->{"{$operation}Result"};
    } catch (SoapFault $fault) {
        return ['faultcode' => $fault->faultcode, 'faultstring' => $fault->faultstring];
    }
};
$write = fn (string $operation, array ...$params) => $call($operation, ['didParams' => ['DIDParam' => $params]]);

$answers = [
    'audit' => $call('auditDIDs'),
    'query' => $call('queryDID', ['did' => $number]),
    'reserve' => $write('reserveDID', ['tn' => $number, 'epg' => 0]),
    'assign' => $write('assignDID', ['tn' => $number, 'epg' => 8674, 'cnam' => '1', 'refId' => 'Käse & <Brot>']),
    'config' => $write('configDID', ['tn' => $number, 'epg' => 8675, 'cnam' => '1', 'refId' => 'Käse & <Brot>']),
    'ours' => $call('queryDID', ['did' => $number]),
    'release' => $write('releaseDID', ['tn' => $number, 'epg' => 0]),
    'search' => $call('getDIDs', ['state' => 'TF', 'npa' => '888', 'nxx' => '555']),
    'large' => count($call('getDIDs', ['tier' => '0'])->DIDLocators->DIDLocator),
    'count' => $call('getDIDCount', ['state' => 'TF', 'orderby' => 'RC']),
    'portable' => $call('isPortable', ['tn' => '4352154006']),
    'order' => $call('getPortDetails', ['portId' => 70001]),
    'unknownOrder' => $call('getPortDetails', ['portId' => 1]),
    'stranger' => $call('auditDIDs', ['login' => 'nobody']),
    'refused' => $call('queryDID', ['did' => "\x01"]),
    // The connection is closed unannounced after it: the last word.
    'closing' => $call('queryDID', ['did' => substr($number, 0, 3) . '5550189']),
];
preg_match('/^content-type: (.*?)\r?$/mi', $client->__getLastRequestHeaders(), $sent);
preg_match('/^content-type: (.*?)\r?$/mi', $client->__getLastResponseHeaders(), $came);
echo json_encode(['sent' => $sent[1], 'came' => $came[1], 'answers' => $answers], JSON_THROW_ON_ERROR);
