import { Unsupported } from "../../errors.js";
import type { LlamaLibrary } from "./library.js";

/** A JSON object or list; white space is limited, as small models else write nothing but that. */
const ANY_JSON = String.raw`
root ::= object | array
value ::= object | array | string | number | "true" | "false" | "null"
object ::= "{" ws (pair ("," ws pair)*)? "}"
pair ::= string ":" ws value ws
array ::= "[" ws (value ws ("," ws value ws)*)? "]"
string ::= "\"" ([^"\\\x00-\x1f] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4}))* "\""
number ::= "-"? ("0" | [1-9] [0-9]{0,15}) ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,3})?
ws ::= [ \t\n]{0,8}
`;

/** What node-llama-cpp's grammars keep to, beside what is translated below. */
const KEPT = new Set(
  "type enum const minItems maxItems minLength maxLength minProperties maxProperties".split(" "),
);
/** What says nothing about values; all properties are written always, so `required` holds by itself. */
const SILENT = new Set(
  "title description default examples required $schema $id $comment deprecated".split(" "),
);
const FORMATS = new Set(["date-time", "date", "time"]);
/** node-llama-cpp ends each grammar with line breaks, which it looks for; we look for the end token. */
const LINE_BREAKS = String.raw` "\n\n\n\n" [\n]*`;

/** It lets integers have exponents, and any number one of 16 digits. */
const EXPONENT = String.raw` ([eE] [-+]? ("0" | [1-9] [0-9]{0,15}))?`;

/** It lets white space be between values, in rules of these names, and one blank after a colon. */
const SPACE_RULE = /^(comma-)?(whitespace-\S+ ::=) .*$/gm;
const BLANK = /":" \[ \]\?/g;

type Schema = Record<string, unknown>;

/** The grammar of what a schema allows, in its shortest form; of any object or list where there is none. As `ServingHost.jsonGrammar`. */
export async function jsonGrammar(
  library: Pick<LlamaLibrary, "jsonSchemaGrammar">,
  schema?: unknown,
): Promise<string> {
  if (schema === undefined) return ANY_JSON;
  const taken = translate(schema, "schema");
  const gbnf = await library.jsonSchemaGrammar(taken).catch((cause: unknown) => {
    return refuse("schema: no grammar can be made of it. Send a simpler one", cause);
  });
  return compact(gbnf.replace(LINE_BREAKS, "").replaceAll(EXPONENT, ""));
}

/** Without white space between values: what small models would fill, and every model spends tokens on. */
function compact(gbnf: string): string {
  return gbnf
    .replace(SPACE_RULE, (_, comma: string = "", rule: string) => `${comma}${rule} "${comma && ","}"`)
    .replace(BLANK, '":"');
}

/** A schema in the words that node-llama-cpp knows. */
function translate(schema: unknown, where: string): Schema {
  if (schema === true) return {};
  const taken: Schema = {};
  for (const [key, value] of Object.entries(objectAt(schema, where))) {
    const at = `${where}.${key.slice(0, 40)}`;
    switch (key) {
      case "properties":
      case "$defs":
      case "definitions": {
        const parts = Object.entries(objectAt(value, at)).map(([name, part]) => [name, translate(part, at)]);
        taken[key === "definitions" ? "$defs" : key] = Object.fromEntries(parts);
        break;
      }
      case "oneOf":
      case "anyOf":
      case "prefixItems":
        if (!Array.isArray(value)) refuse(`${at}: not a list. Send one`);
        taken[key === "anyOf" ? "oneOf" : key] = (value as unknown[]).map((part) => translate(part, at));
        break;
      case "items":
        taken[key] = translate(value, at);
        break;
      case "additionalProperties":
        taken[key] = value === false ? false : translate(value, at);
        break;
      case "$ref":
        taken[key] = String(value).replace(/^#\/definitions\//, "#/$defs/");
        break;
      case "format":
        if (FORMATS.has(String(value))) taken[key] = value;
        break;
      default:
        if (KEPT.has(key)) taken[key] = value;
        else if (!SILENT.has(key) && !isBeyondNumbers(key, value)) {
          refuse(`${at}: no grammar can keep to it. Leave it out`);
        }
    }
  }
  return taken;
}

function objectAt(value: unknown, where: string): object {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  return refuse(`${where}: not an object. Send a JSON Schema`);
}

/** A limit that every integer keeps. */
function isBeyondNumbers(key: string, value: unknown): boolean {
  return (key === "minimum" || key === "maximum") && Math.abs(Number(value)) >= Number.MAX_SAFE_INTEGER;
}

function refuse(what: string, cause?: unknown): never {
  throw new Unsupported(`model ${what}.`, { stage: "model", cause });
}
