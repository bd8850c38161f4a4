/** A value of Ollama's `PARAMETER`: `stop` is a list, all others are numbers. */
export type Parameters = { readonly [name: string]: number | readonly string[] };

/** A model as clients see it. */
export type ServedModel = {
  /** With its tag, such as `aze-q4:latest`; ASCII, unique in any case. */
  name: string;
  /** Path of the GGUF file. */
  gguf: string;
  /** Path of a GGUF LoRA adapter that is added to it. */
  adapter: string | null;
  /** Another one whenever the model is another: 64 hexadecimal digits. */
  digest: string;
  sizeBytes: number;
  modifiedAt: Date;
  /** What the model is told where the request tells it nothing. */
  system: string | null;
  /** Messages before every conversation. */
  messages: readonly { role: "system" | "user" | "assistant"; content: string }[];
  /** What the model's makers chose, by Ollama's names; the request has the last word. */
  parameters: Parameters;
  license: readonly string[];
  /** Name of the model that it was made from, empty for none. */
  parent: string;
  /** Whether it learnt to write like a person; a stock model may think aloud. */
  tuned: boolean;
  /** Whether it belongs to a project, and cannot be removed from here. */
  ofProject: boolean;
};
