/** Kinds of vocabulary entries. @source llama.cpp llama.h, enum llama_token_type */
export const TOKEN_TYPES = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5 } as const;
