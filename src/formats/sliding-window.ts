import { z } from "zod";

/** Where a `config.json` tells of attention to the last tokens only. */
export const windowFields = {
  use_sliding_window: z.boolean().nullish(),
  sliding_window: z.number().nullish(),
  max_window_layers: z.number().nullish(),
  layer_types: z.array(z.string()).nullish(),
};

type WindowFields = z.infer<z.ZodObject<typeof windowFields>> & {
  model_type: string;
  num_hidden_layers: number;
  max_position_embeddings: number;
};

/** Layers before this one see everything where a Qwen configuration does not say it itself. */
const QWEN_WINDOW_LAYERS = 28;
const QWEN_WINDOW_TOKENS = 4096;

/**
 * Whether a layer of this model sees less than everything before it. A window that is mentioned but switched off, that
 * no layer uses, or that is as long as the context, changes nothing.
 *
 * @source transformers 5.6, Qwen2Config, Qwen3Config and MistralConfig
 */
export function usesSlidingWindow(config: WindowFields): boolean {
  const { layer_types: types, use_sliding_window: used } = config;
  if (types?.some((type) => type !== "full_attention")) return true;
  const isQwen = config.model_type !== "llama";
  if (types || !(used ?? (!isQwen && config.sliding_window != null))) return false;
  const window = config.sliding_window === undefined ? QWEN_WINDOW_TOKENS : config.sliding_window;
  if (window === null || window >= config.max_position_embeddings) return false;
  // Mistral's kind of window, which a llama configuration may have kept, is every layer's.
  return !isQwen || (config.max_window_layers ?? QWEN_WINDOW_LAYERS) < config.num_hidden_layers;
}
