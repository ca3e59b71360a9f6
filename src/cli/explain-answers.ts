import type { DiagnoseOptions } from '../diagnose.ts';
import type { FactSet } from '../collected-facts.ts';

/** What explains Entra's answers to an exchange; the catalogue is loaded only where one was refused. */
export async function explainerFor({ facts }: FactSet): Promise<Pick<DiagnoseOptions, 'explain'>> {
  const { exchanges } = facts;
  const answered =
    exchanges?.state === 'present' &&
    exchanges.value.some(
      (record) => record.state === 'sent' && record.attempts.some(({ codes }) => codes.length > 0),
    );
  return answered ? { explain: (await import('../exchange-errors.ts')).exchangeErrors } : {};
}
