/** Names of whole files by the type that most of their matrices have. @source llama.cpp, enum llama_ftype */
const FILE_TYPE_NAMES: Readonly<Record<number, string>> = {
  0: "F32",
  1: "F16",
  2: "Q4_0",
  3: "Q4_1",
  7: "Q8_0",
  8: "Q5_0",
  9: "Q5_1",
  10: "Q2_K",
  11: "Q3_K_S",
  12: "Q3_K_M",
  13: "Q3_K_L",
  14: "Q4_K_S",
  15: "Q4_K_M",
  16: "Q5_K_S",
  17: "Q5_K_M",
  18: "Q6_K",
  32: "BF16",
};

/** The name of `general.file_type`; `unknown` where it is none that we know. */
export function fileTypeName(type: number | undefined): string {
  return (type !== undefined && FILE_TYPE_NAMES[type]) || "unknown";
}
