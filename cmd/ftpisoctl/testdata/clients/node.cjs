// The journey with basic-ftp under Node. What it has to do is in journey_test.go.

const fs = require('fs');
const path = require('path');
const { Readable } = require('stream');
const { Client } = require('basic-ftp');

const env = process.env;
const home = env.FTP_DIR;

async function journey() {
    const ftp = new Client(30000);
    ftp.ftp.verbose = env.FTP_DEBUG === '1';
    await ftp.access({
        host: env.FTP_HOST, port: Number(env.FTP_PORT), user: env.FTP_USER, password: env.FTP_PASSWORD,
        secure: { clear: false, explicit: true, implicit: 'implicit' }[env.FTP_TLS],
        secureOptions: env.FTP_TLS === 'clear' ? undefined : { ca: fs.readFileSync(env.FTP_CA), host: env.FTP_HOST },
    });
    await store(ftp, path.join(env.FTP_UP, 'copy'), home + '/copy');

    const there = await ftp.size(home + '/half.bin');
    await ftp.appendFrom(fs.createReadStream(path.join(env.FTP_UP, 'copy', 'big.bin'), { start: there }), home + '/half.bin');

    await ftp.downloadToDir(path.join(env.FTP_DOWN, 'copy'), home + '/copy');

    const half = path.join(env.FTP_DOWN, 'half.bin');
    const size = fs.statSync(half).size;
    await ftp.downloadTo(fs.createWriteStream(half, { flags: 'r+', start: size }), home + '/half.bin', size);

    await ftp.rename(home + '/copy/old name.txt', home + '/copy/new name.txt');
    await ftp.remove(home + '/copy/doomed.txt');
    await ftp.ensureDir(home + '/made folder');
    await ftp.cd('/');
    await ftp.removeDir(home + '/made folder');
    await ftp.ensureDir(home + '/kept folder');
    if (await ftp.pwd() !== home + '/kept folder') {
        throw new Error('PWD says ' + await ftp.pwd());
    }
    await ftp.lastMod(home + '/half.bin');
    ftp.close();
}

async function store(ftp, folder, remote) {
    await ftp.ensureDir(remote);
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
        const local = path.join(folder, entry.name);
        if (entry.isDirectory()) {
            await store(ftp, local, remote + '/' + entry.name);
        } else {
            await ftp.uploadFrom(fs.statSync(local).size ? local : nothing(), remote + '/' + entry.name);
        }
    }
}

// nothing is an empty stream that takes its time. Node closes a TLS connection whose stream ends before the handshake
// without a word, and basic-ftp does not wait for the end of the handshake, but for a look at the cipher. No server can
// take that for a whole file.
function nothing() {
    return new Readable({ read() { setTimeout(() => this.push(null), 200); } });
}

journey().catch((err) => {
    console.error(err);
    process.exitCode = 1;
});
