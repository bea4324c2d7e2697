"""What people see and press: the client's, the clinician's and the developer's face, and the command line."""
