/** Models that have a short name, and their ids on the hubs. All of an architecture that we compute. */
export const SHORT_NAMES: Readonly<Record<string, string>> = {
  "smollm2:135m": "HuggingFaceTB/SmolLM2-135M-Instruct",
  "smollm2:360m": "HuggingFaceTB/SmolLM2-360M-Instruct",
  "qwen2.5:0.5b": "Qwen/Qwen2.5-0.5B-Instruct",
  "qwen2.5:1.5b": "Qwen/Qwen2.5-1.5B-Instruct",
  "qwen3:0.6b": "Qwen/Qwen3-0.6B",
  "qwen3:1.7b": "Qwen/Qwen3-1.7B",
  "deepseek-r1:1.5b": "deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B",
};
