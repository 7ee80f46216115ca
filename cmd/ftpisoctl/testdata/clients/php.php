<?php
// The journey with PHP's ftp extension. What it has to do is in journey_test.go.

set_error_handler(function ($number, $text) {
    if (error_reporting() & $number) { // not where an @ stands
        throw new ErrorException($text);
    }
});

$home = getenv('FTP_DIR');
$up = getenv('FTP_UP');
$down = getenv('FTP_DOWN');
$connect = getenv('FTP_TLS') === 'clear' ? 'ftp_connect' : 'ftp_ssl_connect';

$ftp = $connect(getenv('FTP_HOST'), (int) getenv('FTP_PORT'), 30);
ftp_login($ftp, getenv('FTP_USER'), getenv('FTP_PASSWORD'));
ftp_pasv($ftp, getenv('FTP_DATA') === 'passive');

function store($ftp, $folder, $remote)
{
    ftp_mkdir($ftp, $remote);
    foreach (array_diff(scandir($folder), ['.', '..']) as $name) {
        if (is_dir("$folder/$name")) {
            store($ftp, "$folder/$name", "$remote/$name");
        } else {
            ftp_put($ftp, "$remote/$name", "$folder/$name", FTP_BINARY);
        }
    }
}

function fetch($ftp, $remote, $folder)
{
    mkdir($folder);
    ftp_chdir($ftp, $remote);
    foreach (ftp_nlist($ftp, '-a') as $name) {
        if (@ftp_chdir($ftp, "$remote/$name")) {
            fetch($ftp, "$remote/$name", "$folder/$name");
        } else {
            ftp_get($ftp, "$folder/$name", "$remote/$name", FTP_BINARY);
        }
    }
}

store($ftp, "$up/copy", "$home/copy");

$there = ftp_size($ftp, "$home/half.bin");
ftp_put($ftp, "$home/half.bin", "$up/copy/big.bin", FTP_BINARY, $there);
ftp_get($ftp, "$down/half.bin", "$home/half.bin", FTP_BINARY, filesize("$down/half.bin"));

fetch($ftp, "$home/copy", "$down/copy");

ftp_rename($ftp, "$home/copy/old name.txt", "$home/copy/new name.txt");
ftp_delete($ftp, "$home/copy/doomed.txt");
ftp_mkdir($ftp, "$home/made folder");
ftp_rmdir($ftp, "$home/made folder");
ftp_mkdir($ftp, "$home/kept folder");
ftp_chdir($ftp, "$home/kept folder");
if (ftp_pwd($ftp) !== "$home/kept folder") {
    throw new Exception('PWD says ' . ftp_pwd($ftp));
}
if (ftp_mdtm($ftp, "$home/half.bin") < 1704067200) {
    throw new Exception('MDTM');
}
ftp_close($ftp);
