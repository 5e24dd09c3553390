import { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import type { SendMail } from './deliver-mail.ts';

const handOvers = new WeakMap<AbortSignal, () => Promise<void>>();

/** As parts, so that nothing in an address is read as a second one. */
const addresses = (texts: readonly string[]) => texts.map((address) => ({ name: '', address }));

/**
 * Sends over SMTP. `from` is the house's own address. The end of a mail (the line with the dot) is held back until `handOver` has
 * noted it. The stream is one that is read only when the server asked for the mail: others read ahead.
 *
 * @see RFC 5321, section 4.1.1.4: only after that line, and its answer, is a mail the server's.
 */
export const smtpSender = (smtpUrl: string, from: string): SendMail => {
  const transport = createTransport({ url: smtpUrl, connectionTimeout: 10_000, socketTimeout: 120_000 });
  transport.use('stream', ({ data, message }, done) => {
    const handOver = data.signal === undefined ? undefined : handOvers.get(data.signal);
    const whole = message.createReadStream.bind(message);
    const upToTheEnd = async function* () {
      for await (const chunk of whole()) yield chunk as Buffer;
      await handOver?.();
    };
    message.createReadStream = () => Readable.from(upToTheEnd(), { objectMode: false });
    done();
  });
  return async (mail, { messageId, attachments, signal, handOver }) => {
    handOvers.set(signal, handOver);
    const { rejected } = await transport.sendMail({
      from: mail.fromName === undefined ? from : { name: mail.fromName, address: from },
      to: addresses(typeof mail.to === 'string' ? [mail.to] : mail.to),
      cc: addresses(mail.cc ?? []),
      ...(mail.replyTo === undefined ? {} : { replyTo: mail.replyTo }),
      ...(mail.headers === undefined ? {} : { headers: { ...mail.headers } }),
      subject: mail.subject,
      text: mail.text,
      attachments,
      messageId,
      signal,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return rejected;
  };
};
