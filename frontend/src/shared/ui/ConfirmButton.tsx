import { Button, type ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { confirm, type Question } from './confirm';

interface Props extends ButtonProps {
  question: Question;
  onConfirm: () => void;
  children: ReactNode;
}

/** A button that asks first. */
export function ConfirmButton({ question, onConfirm, children, ...button }: Props) {
  const handleClick = async () => {
    if (await confirm(question)) onConfirm();
  };
  return (
    <Button variant="default" {...button} onClick={handleClick}>
      {children}
    </Button>
  );
}
