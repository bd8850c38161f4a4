import type { Quantizer } from "../engines/ports.js";
import type { Catalogue } from "../serve/catalogue.js";
import type { ModelPool } from "../serve/model-pool.js";

/** What the routes are made of. */
export type ServerParts = {
  catalogue: Catalogue;
  pool: ModelPool;
  quantizer: () => Promise<Quantizer>;
  /** Three numbers with dots, as clients expect it. */
  version: string;
};
