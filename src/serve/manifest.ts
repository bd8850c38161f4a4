import { z } from "zod";

const file = z.union([z.object({ blob: z.string() }), z.object({ model: z.string() })]);

/** What is kept of a model that a client made: a JSON file. */
export const manifest = z.object({
  /** Version of this layout. */
  kouwen: z.literal(1),
  name: z.string(),
  modifiedAt: z.iso.datetime(),
  /** The GGUF: a blob's digest, or a project's model, with all that it consists of. */
  from: file,
  /** Digest of an adapter's blob. */
  adapter: z.string().nullable(),
  system: z.string().nullable(),
  messages: z.array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() })),
  parameters: z.record(z.string(), z.union([z.number(), z.array(z.string())])),
  license: z.array(z.string()),
  parent: z.string(),
  /** Whether the parent had learnt to write like a person, which a blob does not tell. */
  tuned: z.boolean().default(false),
});

export type Manifest = z.infer<typeof manifest>;
