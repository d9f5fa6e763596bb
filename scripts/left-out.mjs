// What libraries bring along and this program never reaches. Left out of the bundle, it costs no start and no memory.

/** Modules that are replaced by empty ones, by who imports them: `importer` is a part of its path. */
const unreached = [
  // Requests go out over carrier/soap/transport.ts, so the HTTP client of `soap` is never made, nor its securities.
  { importer: '/soap/lib/', module: /^(axios|axios-ntlm|xml-crypto)$/ },
  // mcp/legacy.ts gives the SDK's server a validator of its own. The demo's client keeps this one.
  {
    importer: '/sdk/dist/esm/server/index.js',
    module: /\/ajv-provider\.js$/,
    contents: 'export class AjvJsonSchemaValidator {}',
  },
  // Messages are ours (mcp/input.ts); zod's English ones are imported on their own.
  { importer: '/zod/v4/', module: /\/locales\/index\.js$/ },
]

export const leaveOut = {
  name: 'leave out',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path, importer }) => {
      const from = importer.replaceAll('\\', '/')
      const index = unreached.findIndex((one) => from.includes(one.importer) && one.module.test(path))
      return index < 0 ? undefined : { path: `${index}`, namespace: 'left-out' }
    })
    build.onLoad({ filter: /./, namespace: 'left-out' }, ({ path }) => ({
      contents: unreached[Number(path)].contents ?? 'export {}',
    }))
  },
}
