/** Marks of templates and roles that belong to the machinery, never into a reply. */
const LEAK =
  /<\/?think(?:ing)?>|<[|｜][^<>|｜\n]{1,40}[|｜]>|<\/?s>|<<\/?SYS>>|\[\/?INST\]|<\/?(?:start|end)_of_turn>|<tool_call>|^\s*#{2,}\s*(?:instruction|response|input|user|assistant)\b|^\s*(?:user|assistant|system|human|用户|助手)\s*[:：]/imu;

/** Whether a template, role or thinking mark shows in a reply. */
export function hasLeak(reply: string): boolean {
  return LEAK.test(reply);
}

/** What assistants say and people who text do not. */
const ASSISTANT =
  /\bas an? (?:ai|artificial intelligence|(?:large )?language model|(?:virtual |digital )?assistant)\b|\b(?:i['’]?m|i am) (?:just )?an? (?:ai|language model|(?:virtual|digital|ai) assistant|chatbot)\b|\bhow (?:can|may) i (?:help|assist) you\b|\b(?:feel free to|don['’]?t hesitate to) (?:ask|reach out|let me know)\b|\bi(?:['’]?d| would) be (?:happy|glad) to (?:help|assist)\b|\bi(?:['’]?m| am) here to (?:help|assist)\b|作为(?:一个|一名|一款|您的|你的)?\s*(?:ai|人工智能|语言模型|智能助手|助手)|我(?:只)?是(?:一个|一名|一款)?\s*(?:ai|人工智能|语言模型|智能助手)|(?:有什么|还有什么|请问有什么).{0,6}(?:可以|能).{0,4}帮(?:助|到|您|你|忙)|很高兴(?:为|能为)您/iu;

/** Whether a reply talks like an assistant. */
export function hasAssistantPhrase(reply: string): boolean {
  return ASSISTANT.test(reply);
}
