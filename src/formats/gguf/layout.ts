import type { ModelConfig } from "../model-config.js";

/**
 * A tensor of a llama or qwen2 model under both of its names.
 *
 * GGUF keeps a matrix's bytes as they are and writes its shape fastest first, so no transposition is involved.
 */
export type ModelTensor = {
  /** Hugging Face name, such as `model.layers.0.self_attn.q_proj.weight`. */
  name: string;
  /** GGUF name, such as `blk.0.attn_q.weight`. */
  ggufName: string;
  /** Row-major, slowest first. */
  shape: number[];
  /** The number of heads whose rows llama.cpp wants interleaved; undefined where rows stay as they are. */
  interleavedHeads?: number;
};

/**
 * Every tensor that a model of this configuration has, in the order of its layers.
 * With tied embeddings there is no output matrix.
 *
 * @source transformers LlamaForCausalLM and Qwen2ForCausalLM; llama.cpp gguf-py `tensor_mapping.py`
 */
export function modelTensors(config: ModelConfig): ModelTensor[] {
  const { hiddenSize: hidden, ffnSize: ffn, vocabSize: vocab, heads, kvHeads, headSize } = config;
  const queries = heads * headSize;
  const keys = kvHeads * headSize;
  // Hugging Face rotates the two halves of a head, llama.cpp's llama graph neighbouring pairs; its qwen2 graph halves.
  const interleave = (count: number) => (config.architecture === "llama" ? { interleavedHeads: count } : {});
  const tensors: ModelTensor[] = [
    { name: "model.embed_tokens.weight", ggufName: "token_embd.weight", shape: [vocab, hidden] },
  ];
  for (let layer = 0; layer < config.layers; layer += 1) {
    const add = (
      name: string,
      ggufName: string,
      shape: number[],
      extra: { interleavedHeads?: number } = {},
    ) =>
      tensors.push({
        name: `model.layers.${layer}.${name}`,
        ggufName: `blk.${layer}.${ggufName}`,
        shape,
        ...extra,
      });
    add("input_layernorm.weight", "attn_norm.weight", [hidden]);
    add("self_attn.q_proj.weight", "attn_q.weight", [queries, hidden], interleave(heads));
    add("self_attn.k_proj.weight", "attn_k.weight", [keys, hidden], interleave(kvHeads));
    add("self_attn.v_proj.weight", "attn_v.weight", [keys, hidden]);
    if (config.attentionBias) {
      add("self_attn.q_proj.bias", "attn_q.bias", [queries], interleave(heads));
      add("self_attn.k_proj.bias", "attn_k.bias", [keys], interleave(kvHeads));
      add("self_attn.v_proj.bias", "attn_v.bias", [keys]);
      // transformers' llama has this one too, its qwen2 does not.
      if (config.architecture === "llama") add("self_attn.o_proj.bias", "attn_output.bias", [hidden]);
    }
    add("self_attn.o_proj.weight", "attn_output.weight", [hidden, queries]);
    add("post_attention_layernorm.weight", "ffn_norm.weight", [hidden]);
    add("mlp.gate_proj.weight", "ffn_gate.weight", [ffn, hidden]);
    add("mlp.up_proj.weight", "ffn_up.weight", [ffn, hidden]);
    add("mlp.down_proj.weight", "ffn_down.weight", [hidden, ffn]);
  }
  tensors.push({ name: "model.norm.weight", ggufName: "output_norm.weight", shape: [hidden] });
  if (!config.tiedEmbeddings) {
    tensors.push({ name: "lm_head.weight", ggufName: "output.weight", shape: [vocab, hidden] });
  }
  return tensors;
}
