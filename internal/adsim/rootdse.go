package adsim

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// rootDSE describes the server (RFC 4512, 5.1; MS-ADTS 3.1.1.3.2). It claims
// nothing that the server does not do: there is no supportedSASLMechanisms.
func (s *Server) rootDSE() []partial {
	d := s.dir
	base, config, partition := d.domain.base.text(), d.domain.config.text(), d.domain.partition.text()
	one := func(name string, values ...string) partial { return partial{name, values} }
	extensions := []string{oidWhoAmI}
	if s.tls != nil {
		extensions = append(extensions, oidStartTLS)
	}
	return []partial{
		one("configurationNamingContext", config),
		one("currentTime", time.Now().UTC().Format(timeForm)),
		one("defaultNamingContext", base),
		one("dnsHostName", d.domain.host),
		one("domainControllerFunctionality", "7"),
		one("domainFunctionality", "7"),
		one("forestFunctionality", "7"),
		one("highestCommittedUSN", strconv.FormatInt(d.store.highestUSN(), 10)),
		one("isGlobalCatalogReady", "FALSE"),
		one("isSynchronized", "TRUE"),
		one("ldapServiceName", d.domain.dns+":"+firstLabel(d.domain.host)+"$@"+strings.ToUpper(d.domain.dns)),
		one("namingContexts", base, config, partition),
		one("rootDomainNamingContext", d.domain.root.text()),
		one("schemaNamingContext", partition),
		// Active Directory; since Windows 2000, 2003, 2008, 2008 R2, 2012 (MS-ADTS 3.1.1.3.4.3).
		one("supportedCapabilities", "1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1670",
			"1.2.840.113556.1.4.1935", "1.2.840.113556.1.4.2080", "1.2.840.113556.1.4.2237"),
		one("supportedControl", supportedControls()...),
		one("supportedExtension", extensions...),
		one("supportedLDAPVersion", "3"),
	}
}

// encodeRootDSE makes the one entry of a base search for "". Like AD it takes no
// notice of the filter.
func (s *Server) encodeRootDSE(id int64, q *query) []byte {
	all := len(q.names) == 0 || slices.Contains(q.names, "*")
	var e encoder
	message := e.begin(tagSequence)
	e.integer(tagInteger, id)
	entry := e.begin(tagEntry)
	e.octets(tagOctets, "")
	list := e.begin(tagSequence)
	for _, a := range s.rootDSE() {
		if all || slices.ContainsFunc(q.names, func(name string) bool { return strings.EqualFold(name, a.name) }) {
			e.attribute(a.name, a.values, q.typesOnly)
		}
	}
	e.end(list)
	e.end(entry)
	e.end(message)
	return e.buf
}
