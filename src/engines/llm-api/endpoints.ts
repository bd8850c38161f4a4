import { MalformedInput, Unavailable } from "../../errors.js";
import type { EndpointChoice } from "../ports.js";

/** Where an API is, and what it is asked for. */
export type Endpoint = {
  /** Address of the OpenAI-compatible API, without a slash at the end. */
  url: string;
  model: string;
  /** Sent to that address only; empty where none is needed. */
  key: string;
};

type Preset = { url: string; model: string; key: string };

/** The choice that is no API: a model in this process. */
export const LOCAL = "local";

/** Services by name: address, a model that is known to do, and the usual name of the variable with the key. */
export const PRESETS: Readonly<Record<string, Preset>> = {
  dashscope: {
    url: "https://dashscope.aliyuncs.com/compatible-mode/v1",
    model: "qwen2.5-32b-instruct",
    key: "DASHSCOPE_API_KEY",
  },
  openai: { url: "https://api.openai.com/v1", model: "gpt-4.1-mini", key: "OPENAI_API_KEY" },
  deepseek: { url: "https://api.deepseek.com/v1", model: "deepseek-chat", key: "DEEPSEEK_API_KEY" },
  siliconflow: {
    url: "https://api.siliconflow.cn/v1",
    model: "Qwen/Qwen2.5-32B-Instruct",
    key: "SILICONFLOW_API_KEY",
  },
  ollama: { url: "http://127.0.0.1:11434/v1", model: "qwen2.5:7b", key: "" },
  vllm: { url: "http://127.0.0.1:8000/v1", model: "", key: "" },
  custom: { url: "", model: "", key: "" },
};

/**
 * The endpoint that a choice means.
 *
 * @throws {MalformedInput} no such preset, or it needs an address or a model that is not given
 * @throws {Unavailable} the variable that should hold the key is not set
 */
export function resolveEndpoint(
  { llm, llmUrl, llmModel, llmKey }: EndpointChoice,
  environment: Readonly<Record<string, string | undefined>>,
  stage: string,
): Endpoint {
  const preset = PRESETS[llm];
  const refuse = (what: string): never => {
    throw new MalformedInput(`${stage} --llm: ${what}`, { stage });
  };
  if (!preset)
    return refuse(`"${llm.slice(0, 40)}" is none of ${[...Object.keys(PRESETS), LOCAL].join(", ")}.`);
  const url = (llmUrl || preset.url).replace(/\/+$/, "");
  const model = llmModel || preset.model;
  if (url === "") return refuse(`${llm} needs an address. Give --llm-url.`);
  if (!/^https?:\/\/\S+$/.test(url)) return refuse("--llm-url is no http or https address. Correct it.");
  if (model === "") return refuse(`${llm} needs a model's name. Give --llm-model.`);
  const variable = llmKey || preset.key;
  const key = variable === "" ? "" : (environment[variable] ?? "");
  if (variable !== "" && key === "") {
    throw new Unavailable(
      `${stage} --llm: the environment variable ${variable} is not set. Set it to the key of ${llm}, or name another with --llm-key.`,
      { stage },
    );
  }
  return { url, model, key };
}

/** Whether an address is on this machine, so that nothing leaves it. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
