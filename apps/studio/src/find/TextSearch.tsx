import { Search } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Form, Input, TextField } from 'react-aria-components';

import { useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';

/** Finds objects by words. Shown where the engine has a model for them, which does not come along. */
export function TextSearch(): ReactNode {
  const studio = useStudio();
  const [words, setWords] = useState('');
  return (
    <section className="panel-section" aria-labelledby="find-words">
      <h3 id="find-words">By words</h3>
      <Form
        className="text-search"
        onSubmit={(event) => {
          event.preventDefault();
          if (words.trim() !== '') void studio.findWords(words.trim());
        }}
      >
        <TextField aria-label="What to look for" value={words} onChange={setWords}>
          <Input placeholder="the red cup" />
        </TextField>
        <Button type="submit" isDisabled={words.trim() === ''}>
          <Search size={16} />
          Find
        </Button>
      </Form>
    </section>
  );
}
