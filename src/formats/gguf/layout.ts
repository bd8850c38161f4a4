import type { ModelConfig } from "../model-config.js";

/**
 * A tensor of a llama, qwen2 or qwen3 model under both of its names.
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
  /** Whether llama.cpp wants the two halves of each head's rows interleaved. */
  interleaved: boolean;
};

/**
 * Every tensor that a model of this configuration has, in the order of its layers.
 * With tied embeddings there is no output matrix.
 *
 * @source transformers LlamaForCausalLM, Qwen2ForCausalLM and Qwen3ForCausalLM; llama.cpp gguf-py `tensor_mapping.py`
 */
export function modelTensors(config: ModelConfig): ModelTensor[] {
  const { hiddenSize: hidden, ffnSize: ffn, vocabSize: vocab, heads, kvHeads, headSize } = config;
  const queries = heads * headSize;
  const keys = kvHeads * headSize;
  // Hugging Face rotates the two halves of a head, llama.cpp's llama graph neighbouring pairs; its qwen graphs halves.
  const rotated = config.architecture === "llama";
  const tensors: ModelTensor[] = [];
  const add = (name: string, ggufName: string, shape: number[], interleaved = false) =>
    tensors.push({ name, ggufName, shape, interleaved });
  add("model.embed_tokens.weight", "token_embd.weight", [vocab, hidden]);
  for (let layer = 0; layer < config.layers; layer += 1) {
    const hf = `model.layers.${layer}`;
    const block = `blk.${layer}`;
    add(`${hf}.input_layernorm.weight`, `${block}.attn_norm.weight`, [hidden]);
    add(`${hf}.self_attn.q_proj.weight`, `${block}.attn_q.weight`, [queries, hidden], rotated);
    add(`${hf}.self_attn.k_proj.weight`, `${block}.attn_k.weight`, [keys, hidden], rotated);
    add(`${hf}.self_attn.v_proj.weight`, `${block}.attn_v.weight`, [keys, hidden]);
    if (config.attentionBias) {
      add(`${hf}.self_attn.q_proj.bias`, `${block}.attn_q.bias`, [queries], rotated);
      add(`${hf}.self_attn.k_proj.bias`, `${block}.attn_k.bias`, [keys], rotated);
      add(`${hf}.self_attn.v_proj.bias`, `${block}.attn_v.bias`, [keys]);
      // transformers' llama has this one too, its qwen2 does not.
      if (config.architecture === "llama") {
        add(`${hf}.self_attn.o_proj.bias`, `${block}.attn_output.bias`, [hidden]);
      }
    }
    if (config.headNorms) {
      add(`${hf}.self_attn.q_norm.weight`, `${block}.attn_q_norm.weight`, [headSize]);
      add(`${hf}.self_attn.k_norm.weight`, `${block}.attn_k_norm.weight`, [headSize]);
    }
    add(`${hf}.self_attn.o_proj.weight`, `${block}.attn_output.weight`, [hidden, queries]);
    add(`${hf}.post_attention_layernorm.weight`, `${block}.ffn_norm.weight`, [hidden]);
    add(`${hf}.mlp.gate_proj.weight`, `${block}.ffn_gate.weight`, [ffn, hidden]);
    add(`${hf}.mlp.up_proj.weight`, `${block}.ffn_up.weight`, [ffn, hidden]);
    add(`${hf}.mlp.down_proj.weight`, `${block}.ffn_down.weight`, [hidden, ffn]);
  }
  add("model.norm.weight", "output_norm.weight", [hidden]);
  if (!config.tiedEmbeddings) add("lm_head.weight", "output.weight", [vocab, hidden]);
  return tensors;
}
