import { asSessionError, isSessionErrorCode, SessionError } from '../../session-error.ts';
import type { WireError } from './messages.ts';

export function errorToWire(error: unknown): WireError {
  const { code, message, cause } = asSessionError(error);
  if (!(cause instanceof Error)) {
    return { code, message };
  }
  const causeCode = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return {
    code,
    message,
    cause: {
      name: cause.name,
      message: cause.message,
      ...(causeCode !== undefined && { code: causeCode }),
    },
  };
}

export function errorFromWire({ code, message, cause }: WireError): SessionError {
  const known = isSessionErrorCode(code) ? code : 'failed';
  if (cause === undefined) {
    return new SessionError(known, message);
  }
  const original = Object.assign(new Error(cause.message), { name: cause.name, code: cause.code });
  return new SessionError(known, message, { cause: original });
}
