import type { Catalogue } from "../serve/catalogue.js";
import type { ServedModel } from "../serve/served-model.js";
import { HttpError } from "./http-error.js";

/**
 * The model of a name.
 *
 * @throws {HttpError} 404: there is none
 */
export async function findModel(catalogue: Catalogue, name: string): Promise<ServedModel> {
  const served = await catalogue.find(name);
  if (!served) throw new HttpError(404, `model '${name.slice(0, 200)}' not found`);
  return served;
}
