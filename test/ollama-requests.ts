import type { Described } from "./ollama-response.js";

type Difference = {
  why: string;
  /** What ours answers, by what a real one does. */
  ours: (real: Described) => Described;
};

const json = "application/json";
const says = (status: number, error: string): Described => ({
  status,
  type: json,
  framing: "object",
  body: [{ error }],
});

/** Where ours means to answer otherwise than Ollama 0.6.5. */
export const DIFFERENCES = {} satisfies Record<string, Difference>;

export type Request = [
  title: string,
  method: string,
  path: string,
  body?: unknown,
  difference?: keyof typeof DIFFERENCES,
];

const TEMPLATE =
  "{{- range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n{{ end }}<|im_start|>assistant\n";
const few = { num_predict: 4, temperature: 0, seed: 1 };
const hello = [{ role: "user", content: "Hello there" }];

/** In the order in which they are sent: what an earlier one makes, later ones find. */
export const REQUESTS: Request[] = [
  // Who is there.
  ["root", "GET", "/"],
  ["root, head", "HEAD", "/"],
  ["version", "GET", "/api/version"],
  ["version, head", "HEAD", "/api/version"],
  ["nothing there", "GET", "/api/nothing"],
  ["no models", "GET", "/api/tags"],
  ["no models, head", "HEAD", "/api/tags"],
  ["nothing loaded", "GET", "/api/ps"],

  // Files.
  ["blob not there", "HEAD", "/api/blobs/{digest}"],
  ["blob with a digest that is none", "HEAD", "/api/blobs/sha256:12"],
  ["blob with a path for a digest", "HEAD", "/api/blobs/..%2f..%2fetc"],
  ["blob to a digest that is none", "POST", "/api/blobs/md5:12", "abc"],
  ["blob with other bytes", "POST", `/api/blobs/sha256:${"0".repeat(64)}`, "abc"],
  ["blob", "POST", "/api/blobs/{digest}", "{bytes}"],
  ["blob once more", "POST", "/api/blobs/{digest}", "{bytes}"],
  ["blob there", "HEAD", "/api/blobs/{digest}"],

  // Making models.
  ["create of nothing", "POST", "/api/create", ""],
  ["create of no JSON", "POST", "/api/create", "{"],
  ["create without a name", "POST", "/api/create", { from: "tiny" }],
  ["create with a bad name", "POST", "/api/create", { model: "a b", from: "tiny" }],
  ["create from nothing", "POST", "/api/create", { model: "tiny" }],
  ["create from nothing, at once", "POST", "/api/create", { model: "tiny", stream: false }],
  [
    "create with a path that leads out",
    "POST",
    "/api/create",
    { model: "tiny", files: { "../a.gguf": "{digest}" } },
  ],
  ["create with a whole path", "POST", "/api/create", { model: "tiny", files: { "/a.gguf": "{digest}" } }],
  ["create with no files", "POST", "/api/create", { model: "tiny", files: {}, stream: false }],
  [
    "create with a digest that is none",
    "POST",
    "/api/create",
    { model: "tiny", files: { "a.gguf": "x" }, stream: false },
  ],
  [
    "create with an unknown quantization",
    "POST",
    "/api/create",
    { model: "odd", files: { "a.gguf": "{digest}" }, quantize: "Q9", stream: false },
  ],
  [
    "create",
    "POST",
    "/api/create",
    { model: "tiny", files: { "tiny.gguf": "{digest}" }, template: TEMPLATE },
  ],
  [
    "create, at once",
    "POST",
    "/api/create",
    { model: "tiny", files: { "tiny.gguf": "{digest}" }, template: TEMPLATE, stream: false },
  ],
  [
    "create from a model",
    "POST",
    "/api/create",
    {
      model: "aze",
      from: "tiny",
      system: "You are Aze.",
      parameters: { temperature: 0.5, num_ctx: 512, stop: ["<|im_end|>", "###"] },
      license: ["One", "Two"],
      messages: [
        { role: "user", content: "hi" },
        { role: "assistant", content: "yo" },
      ],
    },
  ],
  [
    "create with a wrong parameter",
    "POST",
    "/api/create",
    { model: "wrong", from: "tiny", parameters: { top_k: "many" }, stream: false },
  ],
  ["create, smaller", "POST", "/api/create", { model: "small", from: "tiny", quantize: "q8_0" }],
  [
    "create, smaller once more",
    "POST",
    "/api/create",
    { model: "smaller", from: "small", quantize: "q4_K_M", stream: false },
  ],

  // Looking at them.
  ["models", "GET", "/api/tags"],
  ["show", "POST", "/api/show", { model: "tiny" }],
  ["show by its old key", "POST", "/api/show", { name: "tiny" }],
  ["show in capitals", "POST", "/api/show", { model: "TINY:LATEST" }],
  ["show with parameters", "POST", "/api/show", { model: "aze" }],
  ["show with a system text", "POST", "/api/show", { model: "aze", system: "Other" }],
  ["show everything", "POST", "/api/show", { model: "tiny", verbose: true }],
  ["show nothing", "POST", "/api/show", {}],
  ["show without a body", "POST", "/api/show", ""],
  ["show what is not there", "POST", "/api/show", { model: "missing" }],
  ["show a bad name", "POST", "/api/show", { model: "a b" }],
  ["show a number", "POST", "/api/show", { model: 1 }],

  // Chatting.
  ["chat", "POST", "/api/chat", { model: "tiny", messages: hello, options: few }],
  ["chat at once", "POST", "/api/chat", { model: "tiny", messages: hello, options: few, stream: false }],
  [
    "chat with its tag",
    "POST",
    "/api/chat",
    { model: "tiny:latest", messages: hello, options: few, stream: false },
  ],
  ["chat in capitals", "POST", "/api/chat", { model: "Tiny", messages: hello, options: few, stream: false }],
  [
    "chat with nulls",
    "POST",
    "/api/chat",
    {
      model: "tiny",
      messages: hello,
      stream: null,
      format: null,
      keep_alive: null,
      options: { ...few, top_k: null },
    },
  ],
  [
    "chat with unknown fields",
    "POST",
    "/api/chat",
    { model: "tiny", messages: hello, options: { ...few, wings: 2 }, mood: "good", stream: false },
  ],
  [
    "chat with a system text",
    "POST",
    "/api/chat",
    {
      model: "tiny",
      messages: [{ role: "system", content: "Be brief." }, ...hello],
      options: few,
      stream: false,
    },
  ],
  [
    "chat with roles in capitals",
    "POST",
    "/api/chat",
    { model: "tiny", messages: [{ role: "USER", content: "Hi" }], options: few, stream: false },
  ],
  [
    "chat over several turns",
    "POST",
    "/api/chat",
    {
      model: "tiny",
      messages: [...hello, { role: "assistant", content: "Hi" }, { role: "user", content: "How are you?" }],
      options: few,
      stream: false,
    },
  ],
  [
    "chat with pictures that are none",
    "POST",
    "/api/chat",
    { model: "tiny", messages: [{ role: "user", content: "Hi", images: [] }], options: few, stream: false },
  ],
  [
    "chat with a model that is told much",
    "POST",
    "/api/chat",
    { model: "aze", messages: hello, options: few, stream: false },
  ],
  [
    "chat with every option",
    "POST",
    "/api/chat",
    {
      model: "tiny",
      messages: hello,
      stream: false,
      options: {
        ...few,
        top_k: 3,
        top_p: 0.5,
        min_p: 0.1,
        typical_p: 1,
        repeat_last_n: 8,
        repeat_penalty: 1.1,
        presence_penalty: 0.1,
        frequency_penalty: 0.1,
        mirostat: 0,
        mirostat_tau: 5,
        mirostat_eta: 0.1,
        stop: ["###"],
        num_keep: 1,
        num_batch: 64,
        num_gpu: 0,
        main_gpu: 0,
        use_mmap: true,
        num_thread: 1,
      },
    },
  ],
  [
    "chat with a fraction for a whole number",
    "POST",
    "/api/chat",
    { model: "tiny", messages: hello, options: { ...few, num_predict: 3.7 }, stream: false },
  ],
  [
    "chat for one token",
    "POST",
    "/api/chat",
    { model: "tiny", messages: hello, options: { ...few, num_predict: 1 } },
  ],
  [
    "chat kept for a while",
    "POST",
    "/api/chat",
    { model: "tiny", messages: hello, options: few, keep_alive: "10m", stream: false },
  ],
  [
    "chat kept for seconds",
    "POST",
    "/api/chat",
    { model: "tiny", messages: hello, options: few, keep_alive: 60, stream: false },
  ],
  [
    "chat kept for ever",
    "POST",
    "/api/chat",
    { model: "tiny", messages: hello, options: few, keep_alive: -1, stream: false },
  ],
  ["loaded", "GET", "/api/ps"],
  ["chat to load", "POST", "/api/chat", { model: "tiny" }],
  ["chat to load, empty", "POST", "/api/chat", { model: "tiny", messages: [] }],
  ["chat to load, null", "POST", "/api/chat", { model: "tiny", messages: null, stream: false }],
  ["chat to unload", "POST", "/api/chat", { model: "tiny", messages: [], keep_alive: 0 }],
  [
    "chat with a wrong option",
    "POST",
    "/api/chat",
    { model: "tiny", messages: hello, options: { temperature: "hot" } },
  ],
  [
    "chat with a wrong whole number",
    "POST",
    "/api/chat",
    { model: "tiny", messages: hello, options: { top_k: "many" } },
  ],
  [
    "chat with a wrong truth",
    "POST",
    "/api/chat",
    { model: "tiny", messages: hello, options: { use_mmap: "yes" } },
  ],
  [
    "chat with a wrong list",
    "POST",
    "/api/chat",
    { model: "tiny", messages: hello, options: { stop: "###" } },
  ],
  [
    "chat with a list of numbers",
    "POST",
    "/api/chat",
    { model: "tiny", messages: hello, options: { stop: [1] } },
  ],
  [
    "chat with a wrong format",
    "POST",
    "/api/chat",
    { model: "tiny", messages: hello, format: "xml", stream: false },
  ],
  [
    "chat with a wrong format, streamed",
    "POST",
    "/api/chat",
    { model: "tiny", messages: hello, format: "xml" },
  ],
  ["chat with nobody", "POST", "/api/chat", { messages: hello }],
  ["chat with what is not there", "POST", "/api/chat", { model: "missing", messages: hello }],
  ["chat with a bad name", "POST", "/api/chat", { model: "a b", messages: hello }],
  ["chat without a body", "POST", "/api/chat", ""],
  ["chat of no JSON", "POST", "/api/chat", "{"],
  ["chat of a list", "POST", "/api/chat", "[]"],
  ["chat with messages that are none", "POST", "/api/chat", { model: "tiny", messages: "hi" }],
  [
    "chat with content that is none",
    "POST",
    "/api/chat",
    { model: "tiny", messages: [{ role: "user", content: 1 }] },
  ],
  ["chat with a stream that is none", "POST", "/api/chat", { model: "tiny", messages: hello, stream: "yes" }],
  ["chat kept for no duration", "POST", "/api/chat", { model: "tiny", messages: hello, keep_alive: "long" }],
  ["chat kept for a truth", "POST", "/api/chat", { model: "tiny", messages: hello, keep_alive: true }],
  [
    "chat with a tool",
    "POST",
    "/api/chat",
    {
      model: "tiny",
      messages: hello,
      options: few,
      stream: false,
      tools: [
        {
          type: "function",
          function: {
            name: "f",
            description: "",
            parameters: { type: "object", required: [], properties: {} },
          },
        },
      ],
    },
  ],

  // Going on with text.
  ["generate", "POST", "/api/generate", { model: "tiny", prompt: "Hello there", options: few }],
  [
    "generate at once",
    "POST",
    "/api/generate",
    { model: "tiny", prompt: "Hello there", options: few, stream: false },
  ],
  [
    "generate with a system text",
    "POST",
    "/api/generate",
    { model: "tiny", prompt: "Hello", system: "Be brief.", options: few, stream: false },
  ],
  [
    "generate raw",
    "POST",
    "/api/generate",
    { model: "tiny", prompt: "Hello there", raw: true, options: few, stream: false },
  ],
  [
    "generate raw, special tokens",
    "POST",
    "/api/generate",
    { model: "tiny", prompt: "<|im_start|>user\nHi<|im_end|>\n", raw: true, options: few, stream: false },
  ],
  [
    "generate raw with a system text",
    "POST",
    "/api/generate",
    { model: "tiny", prompt: "Hi", raw: true, system: "x" },
  ],
  [
    "generate raw with a template",
    "POST",
    "/api/generate",
    { model: "tiny", prompt: "Hi", raw: true, template: "x" },
  ],
  [
    "generate raw with a context",
    "POST",
    "/api/generate",
    { model: "tiny", prompt: "Hi", raw: true, context: [1] },
  ],
  ["generate with a suffix", "POST", "/api/generate", { model: "tiny", prompt: "Hi", suffix: "x" }],
  ["generate to load", "POST", "/api/generate", { model: "tiny" }],
  ["generate to load, null", "POST", "/api/generate", { model: "tiny", prompt: null, stream: true }],
  ["generate to unload", "POST", "/api/generate", { model: "tiny", prompt: "", keep_alive: 0 }],
  ["generate to unload, as a duration", "POST", "/api/generate", { model: "tiny", keep_alive: "0s" }],
  ["generate with what is not there", "POST", "/api/generate", { model: "missing", prompt: "Hi" }],
  ["generate with nobody", "POST", "/api/generate", { prompt: "Hi" }],
  ["generate with a bad name", "POST", "/api/generate", { model: "a b", prompt: "Hi" }],
  ["generate without a body", "POST", "/api/generate", ""],
  ["generate with a prompt that is none", "POST", "/api/generate", { model: "tiny", prompt: ["Hi"] }],
  [
    "generate with a wrong format",
    "POST",
    "/api/generate",
    { model: "tiny", prompt: "Hi", format: [1], stream: false },
  ],

  // Vectors.
  ["embed", "POST", "/api/embed", { model: "tiny", input: "Hello there" }],
  ["embed several", "POST", "/api/embed", { model: "tiny", input: ["Hello", "there, you"] }],
  ["embed nothing", "POST", "/api/embed", { model: "tiny", input: "" }],
  ["embed without input", "POST", "/api/embed", { model: "tiny" }],
  ["embed an empty list", "POST", "/api/embed", { model: "tiny", input: [] }],
  ["embed a number", "POST", "/api/embed", { model: "tiny", input: 1 }],
  ["embed numbers", "POST", "/api/embed", { model: "tiny", input: [1] }],
  ["embed with what is not there", "POST", "/api/embed", { model: "missing", input: "Hi" }],
  ["embed without a body", "POST", "/api/embed", ""],
  ["embeddings", "POST", "/api/embeddings", { model: "tiny", prompt: "Hello there" }],
  ["embeddings of nothing", "POST", "/api/embeddings", { model: "tiny", prompt: "" }],
  ["embeddings with nobody", "POST", "/api/embeddings", { prompt: "Hi" }],
  ["embeddings with what is not there", "POST", "/api/embeddings", { model: "missing", prompt: "Hi" }],

  // Names.
  ["copy", "POST", "/api/copy", { source: "tiny", destination: "copy" }],
  ["copy of what is not there", "POST", "/api/copy", { source: "missing", destination: "copy" }],
  ["copy to a bad name", "POST", "/api/copy", { source: "tiny", destination: "a b" }],
  ["copy from a bad name", "POST", "/api/copy", { source: "a b", destination: "copy" }],
  ["copy without a body", "POST", "/api/copy", ""],
  ["delete", "DELETE", "/api/delete", { model: "copy" }],
  ["delete by its old key", "DELETE", "/api/delete", { name: "small" }],
  ["delete what is not there", "DELETE", "/api/delete", { model: "copy" }],
  ["delete a bad name", "DELETE", "/api/delete", { model: "a b" }],
  ["delete nothing", "DELETE", "/api/delete", {}],
  ["delete without a body", "DELETE", "/api/delete", ""],
  ["pull with a bad name", "POST", "/api/pull", { model: "a b" }],
  ["pull without a body", "POST", "/api/pull", ""],
];
