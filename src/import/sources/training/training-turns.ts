/** One turn of a dialogue in a training format. */
export type TrainingTurn = { role: "system" | "user" | "assistant"; text: string };

/** How formats call the three roles. */
const ROLES: Record<string, TrainingTurn["role"]> = {
  system: "system",
  user: "user",
  human: "user",
  assistant: "assistant",
  gpt: "assistant",
  model: "assistant",
  bot: "assistant",
};

type Fields = Record<string, unknown>;

/**
 * The turns of one dialogue: `conversations` or `messages` with role and content or from and value, or Alpaca.
 *
 * @returns what is wrong, as a phrase without any of the text, if it is none of these
 * @source LLaMA-Factory, data/README.md (sharegpt, openai and alpaca formats)
 */
export function trainingTurns(dialogue: unknown): TrainingTurn[] | string {
  if (!isFields(dialogue)) return "not an object";
  const { conversations, messages, system } = dialogue;
  const list = conversations ?? messages;
  const rest = list === undefined ? alpacaTurns(dialogue) : listedTurns(list);
  if (typeof rest === "string") return rest;
  if (!rest.some(({ role }) => role !== "system")) return "has no turns";
  if (typeof system !== "string" || system === "") return rest;
  return [{ role: "system", text: system }, ...rest.filter(({ role }) => role !== "system")];
}

function listedTurns(list: unknown): TrainingTurn[] | string {
  if (!Array.isArray(list)) return "its turns are not a list";
  const turns: TrainingTurn[] = [];
  for (const [index, turn] of list.entries()) {
    if (!isFields(turn)) return `turn ${index + 1} is not an object`;
    const role = ROLES[String(turn["role"] ?? turn["from"]).toLowerCase()];
    if (!role) return `turn ${index + 1} has an unknown role (known: ${Object.keys(ROLES).join(", ")})`;
    const text = plainText(turn["content"] ?? turn["value"]);
    if (text === undefined) return `turn ${index + 1} has no text`;
    if (role === "system" && index > 0) return `turn ${index + 1} is a system prompt amid the dialogue`;
    turns.push({ role, text });
  }
  return turns;
}

function alpacaTurns(fields: Fields): TrainingTurn[] | string {
  const { instruction, input = "", output, history = [] } = fields;
  if (instruction === undefined && output === undefined)
    return "has neither conversations nor messages nor instruction and output";
  if (typeof instruction !== "string" || typeof output !== "string" || typeof (input ?? "") !== "string")
    return "instruction, input and output are not all texts";
  const turns: TrainingTurn[] = [];
  const pairs: unknown[] = Array.isArray(history) ? history : [];
  for (const pair of [...pairs, [input ? `${instruction}\n${String(input)}` : instruction, output]]) {
    const [user, assistant] = Array.isArray(pair) && pair.length === 2 ? (pair as unknown[]) : [];
    if (typeof user !== "string" || typeof assistant !== "string") return "its history is not pairs of texts";
    turns.push({ role: "user", text: user }, { role: "assistant", text: assistant });
  }
  return turns;
}

/** A content that is a text, or a list of nothing but text parts. */
function plainText(content: unknown): string | undefined {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return undefined;
  const texts = content.map((part) => (isFields(part) && part["type"] === "text" ? part["text"] : undefined));
  return texts.every((text) => typeof text === "string") ? texts.join("\n") : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
