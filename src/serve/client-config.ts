import { MalformedInput } from "../errors.js";

/** What a client is told. */
export type Serving = {
  /** Where the server listens. */
  url: string;
  /** A model to begin with. */
  model: string;
  /** Whether requests must carry the key in `KOUWEN_API_KEY`. */
  needsKey: boolean;
  /** Asked for only where vLLM is meant. */
  vllm?: VllmPlace;
};

/** What vLLM needs of a project: Hugging Face folders of the merged model and the base, and the adapter's. */
export type VllmPlace = {
  model: string;
  base: string;
  /** Null where vLLM cannot put it on the base, as it is DoRA. */
  adapter: { folder: string; rank: number } | null;
  /** A Jinja file: the one in the folders is the base's own, and writes otherwise than the training. */
  chatTemplate: string;
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
    "Stop AstrBot (4.x), and add to data/cmd_config.json",
    ...JSON.stringify(astrBot(serving), null, 2).split("\n"),
    "then start it again and choose the model with /provider. For a message a bubble set in platform_settings,",
    'segmented_reply: "enable": true, "split_mode": "words", "split_words": ["\\n"].',
  ],
  langbot: (serving) => [
    "Models > Add Provider",
    "  Provider Name: Kouwen, of the type OpenAI",
    `  Request URL: ${serving.url}/v1`,
    `  API Key: ${anyKey(serving)}`,
    "and in it Add Model > Chat",
    `  Model Name: ${serving.model}, without visual capability and function calling`,
    "then choose it in the pipeline, and empty the pipeline's prompt: the model has its own.",
  ],
  vllm: ({ vllm }) => (vllm ? vllmCommands(vllm) : []),
};

function astrBot({ url, model, needsKey }: Serving): unknown {
  const source = {
    id: "kouwen",
    provider: "kouwen",
    type: "openai_chat_completion",
    provider_type: "chat_completion",
    // A name after $ is looked up in AstrBot's environment.
    key: [needsKey ? "$KOUWEN_API_KEY" : "kouwen"],
    api_base: `${url}/v1`,
    timeout: 120,
    proxy: "",
    custom_headers: {},
  };
  const provider = {
    id: `kouwen/${model}`,
    provider_source_id: source.id,
    enable: true,
    model,
    modalities: [],
    custom_extra_body: {},
  };
  return { provider_sources: [source], provider: [provider] };
}

/** vLLM takes no other bounds for the rank of an adapter. */
const RANK_BOUNDS = [8, 16, 32, 64, 128, 256, 320, 512];

function vllmCommands({ model, base, adapter, chatTemplate }: VllmPlace): string[] {
  const template = `--chat-template ${quoted(chatTemplate)} --host 127.0.0.1`;
  const onTop = ({ folder, rank }: { folder: string; rank: number }): string[] => {
    const bound = RANK_BOUNDS.find((each) => each >= rank) ?? rank;
    return [
      "or the base with the adapter on top",
      `  vllm serve ${quoted(base)} --enable-lora --max-lora-rank ${bound} --lora-modules kouwen=${quoted(folder)} ${template}`,
    ];
  };
  return [
    "The merged model, where vLLM runs",
    `  vllm serve ${quoted(model)} --served-model-name kouwen ${template}`,
    ...(adapter === null ? [] : onTop(adapter)),
    "It answers on http://127.0.0.1:8000/v1, as the model kouwen.",
  ];
}

/** A path as a shell takes it. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/**
 * The settings that make a client talk with our server, as a person follows them.
 *
 * @throws {MalformedInput} a client that we do not know; lists those that we do
 */
export function clientConfig(client: string, serving: Serving): string {
  const name = client.toLowerCase();
  const lines = Object.hasOwn(CLIENTS, name) ? CLIENTS[name] : undefined;
  if (lines) return lines(serving).join("\n");
  throw new MalformedInput(
    `serve --print-config: "${client.slice(0, 40)}" is none of ${Object.keys(CLIENTS).join(", ")}. Programs that speak Ollama's API take ${serving.url}, those that speak OpenAI's ${serving.url}/v1.`,
    { stage: "serve" },
  );
}
