// Holds GraphQL requests and answers, JSON [{query, variables, data}] on stdin, against GitHub's published schema.
// Prints one line for each thing that is wrong. Usage: node graphql.mjs <folder that has node_modules>
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.argv[2], "package.json"));
const { buildSchema, execute, parse, validate } = require("graphql");
const sdl = readFileSync(join(process.argv[2], "node_modules/@octokit/graphql-schema/schema.graphql"), "utf8");
// as published it defines two fields twice, which strict builders reject
const schema = buildSchema(sdl, { assumeValidSDL: true });
const problems = [];
for (const { query, variables, data } of JSON.parse(readFileSync(0, "utf8"))) {
  const document = parse(query);
  const wrong = validate(schema, document);
  const result = wrong.length
    ? { errors: wrong }
    : await execute({
        schema,
        document,
        rootValue: data,
        variableValues: variables,
        fieldResolver: (source, _arguments, _context, info) => source[info.path.key],
        typeResolver: (value) => value.__typename,
      });
  problems.push(...(result.errors ?? []).map((error) => error.message));
}
console.log(problems.join("\n"));
