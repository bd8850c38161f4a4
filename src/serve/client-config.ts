import { MalformedInput } from "../errors.js";

/** What a client is told. */
export type Serving = {
  /** Where the server listens. */
  url: string;
  /** A model to begin with. */
  model: string;
  /** Whether requests must carry the key in `KOUWEN_API_KEY`. */
  needsKey: boolean;
  /** The project's merged Hugging Face folder. */
  folder: string;
};

const anyKey = ({ needsKey }: Serving) =>
  needsKey ? "what KOUWEN_API_KEY holds" : "anything, such as kouwen";

const CLIENTS: Record<string, (serving: Serving) => string[]> = {
  "page-assist": ({ url, model, needsKey }) => [
    "Settings > Ollama Settings",
    `  Ollama URL: ${url}`,
    ...(needsKey ? ["  Advanced > Custom Headers: Authorization = Bearer <what KOUWEN_API_KEY holds>"] : []),
    `then choose ${model} at the top of a new chat. Leave title generation off: the model writes like a person.`,
  ],
  "open-webui": (serving) => [
    "Admin Panel > Settings > Connections > Ollama API",
    `  URL: ${serving.url} (from a container: http://host.docker.internal:${new URL(serving.url).port})`,
    ...(serving.needsKey ? [`  Key: ${anyKey(serving)}`] : []),
    "Admin Panel > Settings > Interface: give tasks (titles, tags, follow-ups) another model or switch them off.",
  ],
  chatbox: (serving) => [
    "Settings > Model Provider > Add, API Mode: OpenAI API Compatible",
    `  API Host: ${serving.url}/v1`,
    `  API Key: ${anyKey(serving)}`,
    `  Model: ${serving.model}`,
  ],
  lobechat: (serving) => [
    "Settings > AI Service Provider > Ollama",
    `  Interface proxy address: ${serving.url}`,
    "  Use Client-Side Request Mode: on, unless LobeChat runs on this machine",
    `  then Fetch models, and switch ${serving.model} on`,
  ],
  astrbot: (serving) => [
    "Service Providers > Add > OpenAI compatible",
    `  API Base URL: ${serving.url}/v1`,
    `  API Key: ${anyKey(serving)}`,
    `  Model: ${serving.model}`,
  ],
  langbot: (serving) => [
    "Models > Add model, requester: OpenAI-compatible (chat completions)",
    `  Base URL: ${serving.url}/v1`,
    `  API key: ${anyKey(serving)}`,
    `  Model name: ${serving.model}`,
  ],
  vllm: ({ folder }) => [
    "The merged model, where vLLM runs (not run here; the chat template lies in the folder):",
    `  vllm serve ${JSON.stringify(folder)} --host 127.0.0.1`,
  ],
};

/**
 * The settings that make a client talk with our server, as a person follows them.
 *
 * @throws {MalformedInput} a client that we do not know; lists those that we do
 */
export function clientConfig(client: string, serving: Serving): string {
  const lines = CLIENTS[client.toLowerCase()];
  if (lines) return lines(serving).join("\n");
  throw new MalformedInput(
    `serve --print-config: "${client.slice(0, 40)}" is none of ${Object.keys(CLIENTS).join(", ")}. Programs that speak Ollama's API take ${serving.url}, those that speak OpenAI's ${serving.url}/v1.`,
    { stage: "serve" },
  );
}
