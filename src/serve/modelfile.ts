import { Unsupported } from "../errors.js";
import { type ChatTemplate, textOf } from "../formats/template/chat-template.js";
import type { Parameters } from "./served-model.js";

/** What a Modelfile says. */
export type ModelfileParts = {
  /** Path of the GGUF file, relative to the Modelfile's folder. */
  from: string;
  /** Path of a GGUF LoRA adapter. */
  adapter?: string;
  /** As `goTemplate` makes it. */
  template: string;
  system: string | null;
  parameters: Parameters;
};

/**
 * The text of a Modelfile.
 *
 * @throws {Unsupported} a value has three double quotes in a row, for which the grammar has no spelling
 * @source Ollama 0.6.5 `parser/parser.go`
 */
export function modelfile({ from, adapter, template, system, parameters }: ModelfileParts): string {
  const lines = [`FROM ./${from}`];
  if (adapter !== undefined) lines.push(`ADAPTER ./${adapter}`);
  lines.push(`TEMPLATE ${quote("TEMPLATE", template)}`);
  if (system !== null && system !== "") lines.push(`SYSTEM ${quote("SYSTEM", system)}`);
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value === "number") lines.push(`PARAMETER ${name} ${value}`);
    else for (const each of value) lines.push(`PARAMETER ${name} ${quote(name, each)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** A value that is read back as it is, line breaks and single quotes included. */
function quote(name: string, value: string): string {
  // A quote at the end would be read as part of the closing ones.
  if (value.includes('"""') || value.endsWith('"')) {
    throw new Unsupported(
      `serve Modelfile: ${name} has three double quotes in a row or one at its end, which a Modelfile cannot say. Change that text.`,
      { stage: "serve" },
    );
  }
  return `"""${value}"""`;
}

/**
 * Without one line break at its start, which Page Assist puts before every message; Go's templates have no trim.
 */
const CONTENT =
  '{{ if and .Content (eq (slice .Content 0 1) "\\n") }}{{ slice .Content 1 }}{{ else }}{{ .Content }}{{ end }}';

/**
 * A chat template as Ollama's Go `text/template`. It holds no begin token, which the tokenizer adds, and nothing of
 * thinking or tools. A last message of the assistant stays open, so that the model goes on with it.
 *
 * Contents are written as they are but for one leading line break: they are to come trimmed, as in training.
 */
export function goTemplate({ system, user, assistant }: ChatTemplate): string {
  return [
    "{{- range $place, $message := .Messages }}{{ $last := eq (len (slice $.Messages $place)) 1 }}",
    `{{ if eq .Role "system" }}${textOf(system.before)}${CONTENT}${textOf(system.after)}`,
    `{{ else if eq .Role "user" }}${textOf(user.before)}${CONTENT}${textOf(user.after)}`,
    `{{ else if eq .Role "assistant" }}${textOf(assistant.before)}${CONTENT}`,
    `{{ if not $last }}${textOf(assistant.after)}{{ end }}{{ end }}`,
    `{{ if and $last (ne .Role "assistant") }}${textOf(assistant.before)}{{ end }}{{ end }}`,
  ].join("");
}
