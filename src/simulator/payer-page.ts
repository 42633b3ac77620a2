/** Where payer pages live at every provider's origin. */
export const payerPathPrefix = '/simulator/payer/';

/** What there is to show. */
export type PayerPageContent =
  | { state: 'open'; path: string; merchant: string; amount: string; cardEnding: string | null }
  | { state: 'decided' }
  | { state: 'unknown' };

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);

const layout = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 28rem; margin: 3rem auto; padding: 0 1rem; color: #1a1a1a; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; } dd { margin: 0; font-weight: 600; }
form { display: inline-block; margin-right: .75rem; }
button { font: inherit; padding: .6rem 1.4rem; border: 2px solid #14532d; border-radius: .4rem; cursor: pointer; }
.approve { background: #14532d; color: #fff; } .decline { background: #fff; color: #14532d; }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;

/** The page as HTML: plain forms, no script, usable with a keyboard and a screen reader. */
export const payerPage = (content: PayerPageContent): string => {
  if (content.state === 'unknown')
    return layout('Nothing to approve', '<p>There is no such payment page.</p>');
  if (content.state === 'decided') {
    return layout('Already decided', '<p>This payment has been decided. You can close this page.</p>');
  }
  const card =
    content.cardEnding === null ? '' : `\n<dt>Card ending</dt><dd>${escape(content.cardEnding)}</dd>`;
  const form = (action: 'approve' | 'decline', label: string): string =>
    `<form method="post" action="${escape(content.path)}/${action}">` +
    `<button class="${action}" type="submit">${label}</button></form>`;
  return layout(
    'Approve this payment',
    `<p>This is a test payment of the simulator: no money moves.</p>
<dl>
<dt>Merchant</dt><dd>${escape(content.merchant)}</dd>
<dt>Amount</dt><dd>${escape(content.amount)}</dd>${card}
</dl>
${form('approve', 'Approve')}
${form('decline', 'Decline')}`,
  );
};
