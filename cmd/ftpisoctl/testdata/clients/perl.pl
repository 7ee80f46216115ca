# The journey with Perl's Net::FTP. What it has to do is in journey_test.go.
use strict;
use warnings;
use Net::FTP;

my ($home, $up, $down) = @ENV{qw(FTP_DIR FTP_UP FTP_DOWN)};
my $tls = $ENV{FTP_TLS};

my $ftp = Net::FTP->new(
	$ENV{FTP_HOST}, Port => $ENV{FTP_PORT}, Passive => $ENV{FTP_DATA} eq 'passive', Timeout => 30, Debug => $ENV{FTP_DEBUG} || 0,
	($tls eq 'clear' ? () : (SSL_ca_file => $ENV{FTP_CA})),
	($tls eq 'implicit' ? (SSL => 1) : ()),
) or die "connect: $@";
$tls ne 'explicit' or $ftp->starttls or fail('AUTH TLS');
$ftp->login($ENV{FTP_USER}, $ENV{FTP_PASSWORD}) or fail('login');
$tls eq 'clear' or $ftp->prot('P') or fail('PROT P');
$ftp->binary or fail('TYPE I');

sub fail { die "$_[0]: " . $ftp->message }

sub store {
	my ($folder, $remote) = @_;
	$ftp->mkdir($remote) or fail("MKD $remote");
	opendir(my $entries, $folder) or die $!;
	for my $name (grep { !/^\.\.?$/ } readdir $entries) {
		if (-d "$folder/$name") {
			store("$folder/$name", "$remote/$name");
		} else {
			$ftp->put("$folder/$name", "$remote/$name") or fail("STOR $remote/$name");
		}
	}
}

sub fetch {
	my ($remote, $folder) = @_;
	mkdir $folder or die $!;
	$ftp->cwd($remote) or fail("CWD $remote");
	for my $name ($ftp->ls('-a')) {
		if ($ftp->cwd("$remote/$name")) {
			fetch("$remote/$name", "$folder/$name");
		} else {
			$ftp->get("$remote/$name", "$folder/$name") or fail("RETR $remote/$name");
		}
	}
}

store("$up/copy", "$home/copy");

open(my $big, '<:raw', "$up/copy/big.bin") or die $!;
my $there = $ftp->size("$home/half.bin") or fail('SIZE');
seek($big, $there, 0) or die $!;
$ftp->append($big, "$home/half.bin") or fail('APPE');

fetch("$home/copy", "$down/copy");

$ftp->get("$home/half.bin", "$down/half.bin", -s "$down/half.bin") or fail('REST and RETR');

$ftp->rename("$home/copy/old name.txt", "$home/copy/new name.txt") or fail('rename');
$ftp->delete("$home/copy/doomed.txt") or fail('DELE');
$ftp->mkdir("$home/made folder") or fail('MKD');
$ftp->rmdir("$home/made folder") or fail('RMD');
$ftp->mkdir("$home/kept folder") or fail('MKD');
$ftp->cwd("$home/kept folder") or fail('CWD');
$ftp->pwd eq "$home/kept folder" or fail('PWD');
$ftp->quit or fail('QUIT');
