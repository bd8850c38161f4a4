/** A base model: a Hugging Face folder on this machine, and what to call it in reports. */
export type Base = { folder: string; name: string };

export type BaseOptions = {
  /** Where fetched and imported models are kept. */
  cacheFolder: string;
  /** HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE, and what pip and uv read; the process's own unless given. */
  env?: NodeJS.ProcessEnv;
  /** How hubs are asked; the global one unless given. */
  fetch?: typeof fetch;
};
