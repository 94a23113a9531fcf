/** The official PyTorch code in a process of its own, which answers one line of JSON with another. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What it is asked to do; `torch_peer.py` answers. */
type TorchRequest =
  | {
      readonly do: 'load';
      readonly model: string;
      readonly weights: string;
      readonly image: string;
    }
  | { readonly do: 'encode' }
  | {
      readonly do: 'decode';
      readonly points: readonly (readonly [x: number, y: number])[];
      /** File for the logits, f32. */
      readonly output?: string;
    };

interface TorchAnswer {
  readonly milliseconds?: number;
  /** That of PyTorch. */
  readonly version?: string;
  /** The library that it was built with for products of matrices, `mkl` for those from PyPI. */
  readonly blas?: string;
}

export class TorchPeer {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #messages = '';

  /** @param folder - with checkouts of the official repositories */
  constructor(folder: string) {
    const script = fileURLToPath(new URL('torch_peer.py', import.meta.url));
    const python = process.env['SAMGPU_PYTHON'] ?? 'python3';
    this.#child = spawn(python, [script, folder], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#messages += text));
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  async ask(request: TorchRequest): Promise<TorchAnswer> {
    this.#child.stdin!.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) {
      throw new Error(`PyTorch ended at "${request.do}": ${this.#messages}`);
    }
    return JSON.parse(value) as TorchAnswer;
  }

  /** Milliseconds that it took. */
  async time(request: TorchRequest): Promise<number> {
    return (await this.ask(request)).milliseconds ?? Number.NaN;
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}
