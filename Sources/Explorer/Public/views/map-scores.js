/** −log p(x) of every row, which the server works out bit by bit. */

import { floats } from "../api.js";
import { count, counted } from "../words.js";

/** The scores as far as they are known. */
export class Scores {
  done = 0;
  problem = null;

  constructor(api, total) {
    this.api = api;
    this.total = total;
    /** Nats; not a number where not yet known. */
    this.values = new Float32Array(total).fill(NaN);
    this.errors = new Float32Array(total);
  }

  /** What the scores are, or how far they have come. */
  get note() {
    if (this.problem) return this.problem;
    if (this.done < this.total) return `−log p(x), nats: ${count(this.done)} of ${counted(this.total, "row")} so far`;
    return `−log p(x), nats, by ${this.samples} draws a row`;
  }

  /** Asks for as long as rows are without a score and `isWanted` holds; calls `onChange` whenever there are more. */
  async follow(onChange, isWanted) {
    if (this.isFollowed) return;
    this.isFollowed = true;
    while (isWanted()) {
      try {
        const answer = await this.api.get("scores");
        this.values.set(floats(answer.negativeLogLikelihoodF32));
        this.errors.set(floats(answer.standardErrorF32));
        Object.assign(this, { done: answer.done, total: answer.total, samples: answer.samples, problem: null });
      } catch (error) {
        this.problem = error.message;
      }
      if (isWanted()) onChange();
      if (this.problem || this.done >= this.total) break;
      await new Promise((resolve) => setTimeout(resolve, 800));
    }
    this.isFollowed = false;
  }
}
