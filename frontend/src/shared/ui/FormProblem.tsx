import { Alert } from '@mantine/core';
import { asProblem } from '@/api/problem';
import { useProblemWords } from './ErrorState';

/** Beneath a form or beside a button: why the server refused, in its own sentence. Nothing while there is no error. */
export function FormProblem({ error }: { error: unknown }) {
  const words = useProblemWords();
  if (!error) return null;
  const { title, text } = words(asProblem(error));
  return (
    <Alert color="red" variant="light" role="alert" p="xs" title={title}>
      {text}
    </Alert>
  );
}
