/** Two buttons that take a folder or files, as sources of an import. */
import { Button, FileButton } from '@mantine/core';
import { useRef } from 'react';
import { startImport } from '../../state/importing.ts';
import { filesOfInput } from './dropped.ts';

interface Props {
  folder: string;
  files: string;
  disabled?: boolean;
}

export function PickFiles({ folder, files, disabled }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <span className="row wrap">
      <Button variant="default" disabled={disabled} onClick={() => input.current?.click()}>
        {folder}
      </Button>
      <FileButton
        multiple
        disabled={disabled}
        onChange={(list) => void startImport(list.map((file) => ({ path: file.name, file })))}
      >
        {(props) => (
          <Button variant="default" disabled={disabled} {...props}>
            {files}
          </Button>
        )}
      </FileButton>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={folder}
        {...{ webkitdirectory: '' }}
        onChange={(event) => {
          const { files: list } = event.currentTarget;
          if (list) void startImport(filesOfInput(list));
          event.currentTarget.value = '';
        }}
      />
    </span>
  );
}
