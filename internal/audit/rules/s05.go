package rules

import "github.com/ftpisoctl/ftpisoctl/internal/audit"

// s05 finds servers whose protection costs most of their speed.
func s05() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "S05", Title: "SMB signing is required and encryption is not offered", Severity: audit.Low, Level: 2,
		Explanation: "The file server requires every message to be signed and offers no encryption. Signing alone is what most SMB clients do slowest: transfers take three to four times as long as encrypted ones with AES-GCM.",
		Remedy:      "Offer encryption (SMB 3) on the file server, and demand it of the share with the homes.",
	}, Server: func(v audit.VisitedServer, s *audit.Settings) audit.Answer {
		switch {
		case v.Offer == nil || v.Offer.SMB1Only:
			return unknown(v.Findings, "the file server did not say what it offers")
		case v.Offer.SigningRequired && !v.Offer.Encryption:
			return audit.Answer{
				Status: audit.Found, Location: v.Name, Message: "the server requires signing and offers no encryption",
				Evidence: []audit.Evidence{{Name: "SMB", Value: v.Offer.Dialect}},
			}
		}
		return audit.Answer{}
	}}
}
