// Hold the HAR on standard input against npm's har-schema; print what does not fit, one a line.
'use strict';
const Ajv = require('ajv');
const schemas = require('har-schema');

const ajv = new Ajv({ allErrors: true, schemaId: 'auto', meta: false });
ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-06.json'));
for (const schema of Object.values(schemas)) ajv.addSchema(schema);

let text = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (piece) => { text += piece; });
process.stdin.on('end', () => {
  const fits = ajv.validate('har.json#', JSON.parse(text));
  for (const error of fits ? [] : ajv.errors) console.log(`${error.dataPath} ${error.message}`);
  process.exitCode = fits ? 0 : 1;
});
