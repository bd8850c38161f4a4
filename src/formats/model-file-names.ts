/** Names without a slash, so none can leave a folder. */
const NEEDED =
  /^(config\.json|generation_config\.json|tokenizer[\w.-]*\.json|special_tokens_map\.json|model[\w.-]*\.safetensors|model\.safetensors\.index\.json)$/;

/** Whether a file of this name is needed of a Hugging Face model: configuration, tokenizer, weights. */
export function isModelFile(name: string): boolean {
  return NEEDED.test(name);
}
