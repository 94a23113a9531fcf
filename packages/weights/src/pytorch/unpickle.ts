// Pickle is a program for a small stack machine (Python's documentation of pickletools, and Lib/pickle.py, describe it).
// In Python that program may import and call anything. Here it can do two things only: build plain values, and ask for
// globals by name, which are looked up in a closed set. Nothing of a pickle is ever run.
//
// Carried out are the operations of protocols 1 to 4 (torch.save writes protocol 2). Refused are those that only
// protocol 0 needs, which cannot express a checkpoint (FLOAT, STRING, UNICODE, PERSID, GET, PUT, INST), OBJ for the
// classes of Python 2, the extension registry (EXT1, EXT2, EXT4) and the buffers of protocol 5.

import { PickleCursor } from './pickle-cursor.ts';
import { appendTo, buildInto, setIn } from './pickle-containers.ts';
import { opcode, opcodeName } from './pickle-opcodes.ts';
import { PickleStack } from './pickle-stack.ts';
import {
  KnownCallable,
  kindOf,
  OpaqueClass,
  OpaqueObject,
  type PickleContext,
  PickleDictionary,
  PickleList,
  PickleSet,
  PickleTuple,
  type PickleValue,
} from './pickle-values.ts';

export interface PickleEnvironment {
  /** @throws WeightsError if this global is not in the closed set */
  resolveGlobal(module: string, name: string, context: PickleContext): PickleValue;
  /** What the pickle refers to outside of itself: storages. */
  loadPersistent(id: PickleValue, context: PickleContext): PickleValue;
}

export interface Unpickled {
  readonly value: PickleValue;
  /** Where the pickle ends in the bytes. */
  readonly end: number;
}

const newestProtocol = 4;

/**
 * Reads the pickle that starts at `start`.
 *
 * @param what - how messages call it
 * @throws WeightsError with code `truncated` if the bytes end before the pickle does, and others if it is malformed,
 *   beyond the limits, or not a description of plain values
 */
export function unpickle(
  bytes: Uint8Array,
  start: number,
  environment: PickleEnvironment,
  what: string,
): Unpickled {
  // An honest pickle says each element that is copied, in at least a byte of its own.
  const budget = bytes.byteLength - start;
  return new PickleMachine(new PickleCursor(bytes, start, what), environment, budget).run();
}

class PickleMachine implements PickleContext {
  readonly #cursor: PickleCursor;
  readonly #environment: PickleEnvironment;
  readonly #stack: PickleStack;
  /** Elements that may still be copied. */
  #budget: number;

  constructor(cursor: PickleCursor, environment: PickleEnvironment, budget: number) {
    this.#budget = budget;
    this.#cursor = cursor;
    this.#environment = environment;
    this.#stack = new PickleStack((code, message) => cursor.fail(code, message));
  }

  fail: PickleContext['fail'] = (code, message) => this.#cursor.fail(code, message);

  spend: PickleContext['spend'] = (elements) => {
    this.#budget -= elements;
    if (this.#budget < 0) {
      throw this.fail('pickle', 'the pickle copies more elements than it has bytes');
    }
  };

  run(): Unpickled {
    for (;;) {
      const code = this.#cursor.opcode();
      if (code === opcode.STOP) {
        const value = this.#stack.pop();
        if (!this.#stack.isEmpty) {
          throw this.fail('pickle', 'the pickle ends with more than one value');
        }
        return { value, end: this.#cursor.position };
      }
      const known =
        this.#pushNumber(code) ||
        this.#pushString(code) ||
        this.#pushContainer(code) ||
        this.#changeContainer(code) ||
        this.#moveValues(code) ||
        this.#makeObject(code);
      if (!known) {
        throw this.#refuse(code);
      }
    }
  }

  #pushNumber(code: number): boolean {
    const cursor = this.#cursor;
    switch (code) {
      case opcode.NONE:
        this.#stack.push(null);
        return true;
      case opcode.NEWTRUE:
        this.#stack.push(true);
        return true;
      case opcode.NEWFALSE:
        this.#stack.push(false);
        return true;
      case opcode.BININT:
        this.#stack.push(cursor.int32());
        return true;
      case opcode.BININT1:
        this.#stack.push(cursor.uint8());
        return true;
      case opcode.BININT2:
        this.#stack.push(cursor.uint16());
        return true;
      case opcode.LONG1:
        this.#stack.push(cursor.integer(cursor.uint8()));
        return true;
      case opcode.LONG4:
        this.#stack.push(cursor.integer(cursor.uint32()));
        return true;
      case opcode.BINFLOAT:
        this.#stack.push(cursor.float64());
        return true;
      // Protocol 1 has these two in text.
      case opcode.INT: {
        const text = cursor.line();
        const isBoolean = text === '00' || text === '01';
        this.#stack.push(isBoolean ? text === '01' : cursor.decimal(text));
        return true;
      }
      case opcode.LONG:
        this.#stack.push(cursor.decimal(cursor.line().replace(/L$/, '')));
        return true;
      default:
        return false;
    }
  }

  #pushString(code: number): boolean {
    const cursor = this.#cursor;
    switch (code) {
      // The strings of Python 2, which torch.load reads as UTF-8.
      case opcode.SHORT_BINSTRING:
      case opcode.SHORT_BINUNICODE:
        this.#stack.push(cursor.text(cursor.uint8()));
        return true;
      case opcode.BINSTRING:
      case opcode.BINUNICODE:
        this.#stack.push(cursor.text(cursor.uint32()));
        return true;
      case opcode.BINUNICODE8:
        this.#stack.push(cursor.text(cursor.uint64()));
        return true;
      case opcode.SHORT_BINBYTES:
        this.#stack.push(cursor.bytes(cursor.uint8()));
        return true;
      case opcode.BINBYTES:
        this.#stack.push(cursor.bytes(cursor.uint32()));
        return true;
      case opcode.BINBYTES8:
        this.#stack.push(cursor.bytes(cursor.uint64()));
        return true;
      default:
        return false;
    }
  }

  #pushContainer(code: number): boolean {
    const stack = this.#stack;
    switch (code) {
      case opcode.EMPTY_TUPLE:
        stack.push(new PickleTuple([]));
        return true;
      case opcode.TUPLE1:
      case opcode.TUPLE2:
      case opcode.TUPLE3:
        stack.push(new PickleTuple(stack.popMany(code - opcode.TUPLE1 + 1)));
        return true;
      case opcode.TUPLE:
        stack.push(new PickleTuple(stack.popToMark()));
        return true;
      case opcode.EMPTY_LIST:
        stack.push(new PickleList());
        return true;
      case opcode.LIST:
        stack.push(appendTo(new PickleList(), stack.popToMark(), this));
        return true;
      case opcode.EMPTY_DICT:
        stack.push(new PickleDictionary());
        return true;
      case opcode.DICT:
        stack.push(setIn(new PickleDictionary(), stack.popToMark(), this));
        return true;
      case opcode.EMPTY_SET:
        stack.push(new PickleSet());
        return true;
      case opcode.FROZENSET:
        stack.push(appendTo(new PickleSet(), stack.popToMark(), this));
        return true;
      default:
        return false;
    }
  }

  #changeContainer(code: number): boolean {
    const stack = this.#stack;
    switch (code) {
      case opcode.APPEND: {
        const items = stack.popMany(1);
        appendTo(stack.top(), items, this);
        return true;
      }
      case opcode.APPENDS:
      case opcode.ADDITEMS: {
        const items = stack.popToMark();
        appendTo(stack.top(), items, this);
        return true;
      }
      case opcode.SETITEM: {
        const items = stack.popMany(2);
        setIn(stack.top(), items, this);
        return true;
      }
      case opcode.SETITEMS: {
        const items = stack.popToMark();
        setIn(stack.top(), items, this);
        return true;
      }
      case opcode.BUILD: {
        const state = stack.pop();
        buildInto(stack.top(), state, this);
        return true;
      }
      default:
        return false;
    }
  }

  #moveValues(code: number): boolean {
    const stack = this.#stack;
    const cursor = this.#cursor;
    switch (code) {
      case opcode.MARK:
        stack.mark();
        return true;
      case opcode.POP:
        if (stack.isAtMark()) {
          stack.popToMark();
        } else {
          stack.pop();
        }
        return true;
      case opcode.POP_MARK:
        stack.popToMark();
        return true;
      case opcode.DUP:
        stack.push(stack.top());
        return true;
      case opcode.BINPUT:
        stack.remember(cursor.uint8());
        return true;
      case opcode.LONG_BINPUT:
        stack.remember(cursor.uint32());
        return true;
      case opcode.MEMOIZE:
        stack.remember(stack.memoSize);
        return true;
      case opcode.BINGET:
        stack.push(stack.recall(cursor.uint8()));
        return true;
      case opcode.LONG_BINGET:
        stack.push(stack.recall(cursor.uint32()));
        return true;
      case opcode.PROTO: {
        const protocol = cursor.uint8();
        if (protocol > newestProtocol) {
          throw this.fail(
            'pickle',
            `the pickle has protocol ${protocol}, expected at most ${newestProtocol}`,
          );
        }
        return true;
      }
      case opcode.FRAME:
        // A hint for reading in pieces, which says nothing about the values.
        cursor.uint64();
        return true;
      default:
        return false;
    }
  }

  #makeObject(code: number): boolean {
    const stack = this.#stack;
    switch (code) {
      case opcode.GLOBAL:
        stack.push(this.#readGlobal());
        return true;
      case opcode.STACK_GLOBAL: {
        const [module, name] = stack.popMany(2);
        if (typeof module !== 'string' || typeof name !== 'string') {
          throw this.fail(
            'pickle',
            `the pickle names a global by ${kindOf(module)} and ${kindOf(name)}, expected two strings`,
          );
        }
        stack.push(this.#environment.resolveGlobal(module, name, this));
        return true;
      }
      case opcode.REDUCE:
      case opcode.NEWOBJ: {
        const [callable, args] = stack.popMany(2);
        stack.push(this.#construct(callable!, args!));
        return true;
      }
      case opcode.NEWOBJ_EX: {
        const [callable, args, named] = stack.popMany(3);
        if (!(named instanceof PickleDictionary) || named.entries.size > 0) {
          throw this.fail(
            'pickle',
            `the pickle makes ${kindOf(callable)} from named arguments, expected none`,
          );
        }
        stack.push(this.#construct(callable!, args!));
        return true;
      }
      case opcode.BINPERSID:
        stack.push(this.#environment.loadPersistent(stack.pop(), this));
        return true;
      default:
        return false;
    }
  }

  #readGlobal(): PickleValue {
    const module = this.#cursor.line();
    return this.#environment.resolveGlobal(module, this.#cursor.line(), this);
  }

  #construct(callable: PickleValue, args: PickleValue): PickleValue {
    if (!(args instanceof PickleTuple)) {
      throw this.fail(
        'pickle',
        `the pickle makes ${kindOf(callable)} from ${kindOf(args)}, expected a tuple of arguments`,
      );
    }
    if (callable instanceof KnownCallable) {
      return callable.call(args.items, this);
    }
    if (callable instanceof OpaqueClass) {
      return new OpaqueObject(callable.name, args.items);
    }
    throw this.fail('pickle', `the pickle calls ${kindOf(callable)}, expected a class or function`);
  }

  #refuse(code: number): Error {
    // These name a class of their own: one that is not allowed is the better message.
    if (code === opcode.INST) {
      this.#readGlobal();
    }
    return this.fail(
      'pickle',
      `the pickle has the operation ${opcodeName(code)}, which no checkpoint of torch.save has`,
    );
  }
}
