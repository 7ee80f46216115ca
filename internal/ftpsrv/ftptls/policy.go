package ftptls

// Policy is what IIS's controlChannelPolicy and dataChannelPolicy say of a
// connection (Microsoft, ftpServer/security/ssl). The zero Policy is Allow.
type Policy uint8

// The policies. RequireCredentials is one of control connections, Deny of data
// connections.
const (
	Allow              Policy = iota // the client decides
	Require                          // nothing in clear text
	RequireCredentials               // USER and PASS not in clear text
	Deny                             // no TLS
)

// ClientCertificates says what is asked of clients (Microsoft,
// ftpServer/security/sslClientCertificates). The zero value is CertIgnore, IIS's
// default.
type ClientCertificates uint8

// What is asked of clients.
const (
	CertIgnore  ClientCertificates = iota // none is asked for
	CertAllow                             // one that is given must be valid
	CertRequire                           // one must be given
)
