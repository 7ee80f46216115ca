package lab

import (
	"os"
	"path/filepath"
)

// Names and addresses of the lab; names.sh states the same for the scripts.
const (
	Domain         = "corp.example.com"          // DNS name of the domain
	Realm          = "CORP.EXAMPLE.COM"          // Kerberos realm
	NetBIOS        = "CORP"                      // down-level name of the domain
	BaseDN         = "DC=corp,DC=example,DC=com" // where the domain's entries begin
	DC             = "dc1.corp.example.com"      // the domain controller
	DCAddr         = "10.53.57.21"               // its address
	FileServer     = "fs01.corp.example.com"     // the member file server
	FileServerAddr = "10.53.57.31"               // its address
	Share          = `ftp$`                      // its share with the homes
	EncryptedShare = `ftpenc$`                   // its share that refuses unencrypted SMB; alice has a folder there
	FTPServer      = "ftp.corp.example.com"      // a name with a certificate, for an FTP server
	FTPServerAddr  = "10.53.57.41"               // its address
	ClientAddr     = "10.53.57.51"               // a second address, for clients
	Rogue          = "rogue.example.net"         // a host that nothing should ever talk to
	RogueAddr      = "10.53.57.66"               // its address
)

// Dir is the lab's folder, "" outside the lab.
func Dir() string { return os.Getenv("FTPISOCTL_LAB_DIR") }

// CAFile is the PEM file of the CA that signed the DC's certificate.
func CAFile() string { return filepath.Join(Dir(), "ca.pem") }

// Krb5Conf is the lab's Kerberos configuration; KRB5_CONFIG names it too.
func Krb5Conf() string { return filepath.Join(Dir(), "krb5.conf") }

// ShareDir is the folder behind the share ftp$ as the file server's disk sees it. What a test puts there
// went past SMB and past NT ACLs.
func ShareDir() string { return filepath.Join(Dir(), "share") }
