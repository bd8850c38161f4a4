/** Files of a model as a hub holds them, of few bytes: enough to be fetched, not to be loaded. */
export const FEW_FILES: Readonly<Record<string, Buffer>> = Object.fromEntries(
  Object.entries({
    ".gitattributes": "*.safetensors filter=lfs diff=lfs merge=lfs -text\n",
    "README.md": "# tiny-model\n",
    "config.json": JSON.stringify({
      architectures: ["LlamaForCausalLM"],
      bos_token_id: 1,
      eos_token_id: 2,
      hidden_act: "silu",
      hidden_size: 64,
      intermediate_size: 128,
      max_position_embeddings: 256,
      model_type: "llama",
      num_attention_heads: 1,
      num_hidden_layers: 1,
      num_key_value_heads: 1,
      rms_norm_eps: 1e-5,
      rope_theta: 10_000,
      tie_word_embeddings: true,
      vocab_size: 16,
    }),
    "generation_config.json": "{}",
    "model-00001-of-00002.safetensors": "the first half of the weights",
    "model-00002-of-00002.safetensors": "the second half of the weights",
    "model.safetensors.index.json": JSON.stringify({
      weight_map: { a: "model-00001-of-00002.safetensors", b: "model-00002-of-00002.safetensors" },
    }),
    "tokenizer.json": '{"model":{}}',
    // The same bytes as another file have the same name among the blobs.
    "tokenizer_config.json": "{}",
  }).map(([name, text]) => [name, Buffer.from(text)]),
);

/** Those of them that we fetch. */
export const FETCHED: readonly string[] = Object.keys(FEW_FILES).filter(
  (name) => name.endsWith(".json") || name.endsWith(".safetensors"),
);
