import { type ReactNode, useState } from 'react';
import { Input, TextField } from 'react-aria-components';

interface NameFieldProps {
  readonly name: string;
  /** Null: it stays as it was. */
  readonly onDone: (name: string | null) => void;
}

export function NameField({ name, onDone }: NameFieldProps): ReactNode {
  const [text, setText] = useState(name);
  const accept = (): void => onDone(text.trim() === '' ? null : text.trim());
  return (
    <TextField
      aria-label="Name"
      autoFocus
      value={text}
      onChange={setText}
      onBlur={accept}
      onKeyDown={(event) => {
        if (event.key === 'Enter') accept();
        else if (event.key === 'Escape') onDone(null);
        else event.continuePropagation();
      }}
    >
      <Input className="object-input" onFocus={({ target }) => target.select()} />
    </TextField>
  );
}
