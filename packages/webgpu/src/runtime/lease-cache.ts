/**
 * Things by key, each shared by all who hold a lease of it and freed with the last one.
 *
 * A lease counts from the moment it is asked for, so that whoever waits for a thing that is being
 * made holds it already.
 */
export interface Lease<Thing> {
  readonly thing: Thing;
  /** Gives it back; doing so twice is harmless. */
  release(): void;
}

interface Entry<Thing> {
  readonly thing: Promise<Thing>;
  holders: number;
}

export class LeaseCache<Thing> {
  private readonly entries = new Map<string, Entry<Thing>>();
  private readonly free: (thing: Thing) => void;

  /** @param free - called with a thing when its last lease is given back */
  constructor(free: (thing: Thing) => void) {
    this.free = free;
  }

  get size(): number {
    return this.entries.size;
  }

  async lease(key: string, make: () => Promise<Thing>): Promise<Lease<Thing>> {
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = { thing: make(), holders: 0 };
      this.entries.set(key, entry);
    }
    const held = entry;
    held.holders++;
    try {
      return this.leaseOf(key, held, await held.thing);
    } catch (error) {
      // All who wait for it fail; whoever asks again afterwards tries anew.
      if (this.entries.get(key) === held) {
        this.entries.delete(key);
      }
      throw error;
    }
  }

  /** Frees all things, those that are leased as well. */
  dispose(): void {
    for (const { thing } of this.entries.values()) {
      thing.then(this.free, () => undefined);
    }
    this.entries.clear();
  }

  private leaseOf(key: string, entry: Entry<Thing>, thing: Thing): Lease<Thing> {
    let released = false;
    return {
      thing,
      release: () => {
        if (released) {
          return;
        }
        released = true;
        entry.holders--;
        if (entry.holders === 0 && this.entries.get(key) === entry) {
          this.entries.delete(key);
          this.free(thing);
        }
      },
    };
  }
}
