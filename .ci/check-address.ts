import packageJson from '../package.json' with { type: 'json' };

/** Run before a release: the address of the repository in `package.json` is a placeholder until the repository has one. */

const address = new URL(packageJson.repository.url.replace(/^git\+/, ''));
if (address.hostname.endsWith('.invalid')) {
  console.error(
    'package.json names a placeholder: put the address of the repository into repository, homepage and bugs.',
  );
  process.exitCode = 1;
}
