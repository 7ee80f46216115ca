package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// s02 finds file servers that are down, or behind a firewall.
func s02() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "S02", Title: "file server does not answer on port 445", Severity: audit.High, Level: 1,
		Explanation: "No SMB server answers on port 445 of a file server that homes point to: the port is closed or filtered, or the connection broke again and again. Every login to one of those homes is refused with 530.",
		Remedy:      "Start the server, open port 445 between it and the FTP server, or move the homes and change the attributes with ftpisoctl rename-root.",
	}, Server: onServer(survey.NoAnswer)}
}
