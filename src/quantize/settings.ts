import { z } from "zod";

/** Which smaller files are made of the tuned model. */
export const quantizeSettings = z.object({
  also: z
    .array(z.enum(["Q4_0", "Q5_K_M", "Q6_K", "Q8_0"]))
    .default([])
    .describe("types in which the tuned model is written too, beside Q4_K_M: Q4_0, Q5_K_M, Q6_K, Q8_0"),
});

export type QuantizeSettings = z.infer<typeof quantizeSettings>;
