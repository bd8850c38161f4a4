import type { Header } from "./whatsapp-header.js";

/** Which number of a date is the day, which the month, which the year. */
export type DateOrder = "DMY" | "MDY" | "YMD";

/** Year, month and day, each counted from 1. */
export type CalendarDay = { year: number; month: number; day: number };

/** WhatsApp began in 2009. */
const FIRST_YEAR = 2009;
/** By how much phones in Thai are ahead. */
const BUDDHIST_YEARS = 543;

/** The numbers of a date in an order; undefined if there is no such day. */
export function readDate([a, b, c]: Header["date"], order: DateOrder): CalendarDay | undefined {
  const [year, month, day] = order === "YMD" ? [a, b, c] : order === "DMY" ? [c, b, a] : [c, a, b];
  const full = year < 100 ? 2000 + year : year > 2500 ? year - BUDDHIST_YEARS : year;
  const real = full >= FIRST_YEAR && full < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return real ? { year: full, month, day } : undefined;
}

/** How well an order fits the dates seen so far. */
type Fit = { order: DateOrder; impossible: number; backwards: number; last: number };

/** Who says the half of the day before the time in these scripts also puts the year first. */
const EAST_ASIAN = /^[\u3000-\uffff]/;

/**
 * Finds out the order of the numbers in a file's dates: the one in which more dates exist, then the one in which
 * time goes backwards less often.
 */
export class DateOrders {
  #fits: Fit[] = [];
  /** Years of two digits come first where nothing else is possible. */
  #yearFirst: Fit | undefined;
  #differ = false;
  #american = false;

  add(header: Header): void {
    const { digits, date, half } = header;
    if (this.#fits.length === 0) this.#start(header);
    const padded = (digits[0] === 2 && date[0] < 10) || (digits[1] === 2 && date[1] < 10);
    // The United States write 3/4/25 and 1:55 PM, without leading zeros.
    this.#american = this.#american && !padded && /^[AP]M$/.test(half);
    const days = this.#fits.map((fit) => addTo(fit, header));
    this.#differ ||= days.length > 1 && days[0] !== days[1];
    if (this.#yearFirst) addTo(this.#yearFirst, header);
  }

  /** The order, and whether the dates decide it or it is what the locale's habits suggest. */
  decide(): { order: DateOrder; sure: boolean } {
    const [best, next] = this.#fits.toSorted(
      (a, b) => a.impossible - b.impossible || a.backwards - b.backwards,
    );
    if (!best) return { order: "DMY", sure: true };
    if (best.impossible > 0 && this.#yearFirst?.impossible === 0) return { order: "YMD", sure: true };
    if (!next || best.impossible < next.impossible || best.backwards < next.backwards)
      return { order: best.order, sure: true };
    return { order: this.#american ? "MDY" : "DMY", sure: !this.#differ };
  }

  #start({ digits, half }: Header): void {
    this.#american = true;
    if (digits[0] > 2 || EAST_ASIAN.test(half)) this.#fits = [startFit("YMD")];
    else {
      this.#fits = [startFit("DMY"), startFit("MDY")];
      if (digits[2] <= 2) this.#yearFirst = startFit("YMD");
    }
  }
}

function startFit(order: DateOrder): Fit {
  return { order, impossible: 0, backwards: 0, last: 0 };
}

/** @returns the day as a number that grows with time; undefined if there is none in this order */
function addTo(fit: Fit, { date }: Header): number | undefined {
  const read = readDate(date, fit.order);
  if (!read) {
    fit.impossible += 1;
    return undefined;
  }
  const at = (read.year * 12 + read.month) * 31 + read.day;
  if (at < fit.last) fit.backwards += 1;
  fit.last = at;
  return at;
}
