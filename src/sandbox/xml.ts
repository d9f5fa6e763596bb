/** One element of an answer; keys in wire order. `null` is written `xsi:nil`, an absent key is an absent element. */
export interface Row {
  [element: string]: string | number | boolean | null | Row | Row[]
}

/** Of everything that this service writes as XML. */
export const contentType = 'text/xml; charset=utf-8'

/** A flat row as text, for answers too large to be made in one piece. */
export function toXml(element: string, row: Row): string {
  let xml = `<${element}>`
  for (const name in row) {
    const value = row[name]
    xml += value === '' ? `<${name}/>` : `<${name}>${typeof value === 'string' ? escapeXml(value) : value}</${name}>`
  }
  return `${xml}</${element}>`
}

/** A SOAP 1.1 fault as a whole document. */
export function soapFault(code: 'soap:Client' | 'soap:Server', text: string): string {
  return (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
    `<soap:Fault><faultcode>${code}</faultcode><faultstring>${escapeXml(text)}</faultstring></soap:Fault>` +
    '</soap:Body></soap:Envelope>'
  )
}

/** What ASP.NET says where the service itself failed. */
export const serverFault = soapFault('soap:Server', 'Server was unable to process request.')

function escapeXml(text: string): string {
  return /[&<>]/.test(text) ? text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;') : text
}
