/**
 * The llama.cpp release whose binary layouts the tables below describe. They may change with any release, so another
 * one is refused at start. To move on: compare `include/llama.h` of both releases, field by field.
 */
export const RELEASE = "v0.4.0";

/** @source llama.cpp v0.4.0, include/llama.h, struct llama_model_params */
export const MODEL_PARAMS = {
  devices: "void*",
  tensor_buft_overrides: "void*",
  n_gpu_layers: "int32",
  split_mode: "int32",
  load_mode: "int32",
  lazy_mode: "int32",
  main_gpu: "int32",
  tensor_split: "void*",
  progress_callback: "void*",
  progress_callback_user_data: "void*",
  kv_overrides: "void*",
  vocab_only: "bool",
  check_tensors: "bool",
  use_extra_bufts: "bool",
  no_host: "bool",
  no_alloc: "bool",
  load_mtp: "bool",
} as const;

/** @source llama.cpp v0.4.0, include/llama.h, struct llama_context_params */
export const CONTEXT_PARAMS = {
  n_ctx: "uint32",
  n_batch: "uint32",
  n_ubatch: "uint32",
  n_seq_max: "uint32",
  n_rs_seq: "uint32",
  n_outputs_max: "uint32",
  n_outputs_max_per_seq: "uint32",
  n_threads: "int32",
  n_threads_batch: "int32",
  ctx_type: "int32",
  rope_scaling_type: "int32",
  pooling_type: "int32",
  attention_type: "int32",
  flash_attn_type: "int32",
  rope_freq_base: "float",
  rope_freq_scale: "float",
  yarn_ext_factor: "float",
  yarn_attn_factor: "float",
  yarn_beta_fast: "float",
  yarn_beta_slow: "float",
  yarn_orig_ctx: "uint32",
  defrag_thold: "float",
  cb_eval: "void*",
  cb_eval_user_data: "void*",
  type_k: "int32",
  type_v: "int32",
  abort_callback: "void*",
  abort_callback_data: "void*",
  embeddings: "bool",
  offload_kqv: "bool",
  no_perf: "bool",
  op_offload: "bool",
  swa_full: "bool",
  kv_unified: "bool",
  samplers: "void*",
  n_samplers: "size_t",
  ctx_other: "void*",
} as const;

/** @source llama.cpp v0.4.0, include/llama.h, struct llama_batch */
export const BATCH = {
  n_tokens: "int32",
  token: "void*",
  embd: "void*",
  pos: "void*",
  n_seq_id: "void*",
  seq_id: "void*",
  logits: "void*",
} as const;

/** @source llama.cpp v0.4.0, include/llama.h, struct llama_model_quantize_params */
export const QUANTIZE_PARAMS = {
  nthread: "int32",
  ftype: "int32",
  output_tensor_type: "int32",
  token_embedding_type: "int32",
  allow_requantize: "bool",
  quantize_output_tensor: "bool",
  only_copy: "bool",
  pure: "bool",
  keep_split: "bool",
  dry_run: "bool",
  imatrix: "void*",
  kv_overrides: "void*",
  tt_overrides: "void*",
  prune_layers: "void*",
  max_buf_size: "size_t",
} as const;
