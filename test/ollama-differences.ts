import type { Described } from "./ollama-response.js";

const PATH = /"parent_model":"\//;
/** One that is meant. */
export type Difference = {
  why: string;
  /** What ours answers, by what a real one does. */
  ours: (real: Described) => Described;
  /** Ours has its own words for what is wrong. */
  words?: boolean;
};

const refused = ({ body }: Described, status = 400): Described => ({
  status,
  type: "application/json",
  framing: "object",
  body,
});
const each = (
  real: Described,
  change: (object: Record<string, unknown>) => Record<string, unknown>,
): Described => ({
  ...real,
  body: real.body.map((object) => change(object as Record<string, unknown>)),
});

function shown(real: Described): Described {
  return each(real, ({ details, ...rest }) => ({
    ...rest,
    details: { ...(details as object), ...(PATH.test(JSON.stringify(details)) && { parent_model: "" }) },
  }));
}

/** A chat's whole answer of four tokens. */
const ANSWERED = {
  created_at: "<time>",
  done: true,
  done_reason: "length",
  eval_count: 4,
  eval_duration: "over 0",
  load_duration: "over 0",
  message: { content: "text", role: "assistant" },
  model: "tiny",
  prompt_eval_count: 24,
  prompt_eval_duration: "over 0",
  total_duration: "over 0",
};

/** Where ours means to answer otherwise than Ollama 0.6.5. */
export const DIFFERENCES = {
  words: {
    why: "a fault in the body is told in our words, which name the field; Ollama's are those of Go's JSON decoder",
    ours: (real) => real,
    words: true,
  },
  fault: {
    why: "what the client did wrong is 400, where 0.6.5 says 500; newer ones say 400, too",
    ours: (real) => refused(real),
  },
  faultInOurWords: {
    why: "the same, and ours say what could be asked for instead",
    ours: (real) => refused(real),
    words: true,
  },
  firstLine: {
    why: "an error before the first line has a status of its own, as in newer versions; 0.6.5 sends 200",
    ours: (real) => each(refused(real), ({ error }) => ({ error })),
  },
  notFound: {
    why: "newer versions have one sentence for a missing model in all routes; 0.6.5 has two",
    ours: (real) => each(real, () => ({ error: "model 'missing' not found" })),
  },
  registry: {
    why: "our models come from no registry, which 0.6.5 puts before the name",
    ours: (real) => each(real, ({ error }) => ({ error: String(error).replace(/^.*\//, "") })),
  },
  layers: {
    why: "we keep no layers, and tell of none",
    ours: (real) => ({
      ...real,
      body: real.body.filter((line) => !String((line as { status: unknown }).status).includes("layer")),
    }),
  },
  checked: {
    why: "parameters are checked when a model is made; 0.6.5 takes any and fails whenever it is asked something",
    ours: (real) => each(refused(real), () => ({ error: 'option "top_k" must be of type integer' })),
  },
  tools: {
    why: "tools are ignored, as clients send them unasked; 0.6.5 refuses a chat that has them",
    ours: () => ({
      status: 200,
      type: "application/json",
      framing: "object",
      body: [ANSWERED],
    }),
  },
  contextLength: {
    why: "newer versions tell the context's length, too",
    ours: (real) =>
      each(real, ({ models }) => ({
        models: (models as object[]).map((model) => ({ ...model, context_length: 2048 })),
      })),
  },
  shown: {
    why: "as in newer versions, lists are empty unless asked for; and what differs with everything shown",
    ours: (real) =>
      each(shown(real), ({ model_info: info, ...rest }) => ({
        ...rest,
        model_info: Object.fromEntries(
          Object.entries(info as object).map(([key, value]) => [key, Array.isArray(value) ? [] : value]),
        ),
      })),
  },
  shownWhole: {
    why: "the path of a file is nobody's business",
    ours: (real) => shown(real),
  },
  endToken: {
    why: "the token that ends an answer is no part of it, and is not counted",
    ours: (real) =>
      each(real, ({ eval_count: count, ...rest }) => ({ ...rest, eval_count: Number(count) - 1 })),
  },
  compactJson: {
    why: "JSON that a schema asks for has no white space between values: two tokens fewer; and the end token, as above",
    ours: (real) =>
      each(real, ({ eval_count: count, ...rest }) => ({ ...rest, eval_count: Number(count) - 3 })),
  },
  wrongMethod: {
    why: "newer versions answer 405 where a path is known by other methods; 0.6.5 says 404",
    ours: (real) => ({ ...real, status: 405, body: ["405 method not allowed"] }),
  },
  path: {
    why: "a digest that is none, whatever is in it; Go's router sees a path in it",
    ours: () => ({ status: 400, type: "application/json", framing: "none", body: [] }),
  },
} satisfies Record<string, Difference>;
